"""Thirty faults written by hand: each would let somebody do, see or lose what they must not.

One whose old text stands no more exactly once in its file is an error, which `tests/bench` finds.
"""

from __future__ import annotations

from bench.machine import ROOT
from bench.mutation.mutator import Mutant, line_of

# File, old text, new text, what it would do.
FAULTS = (
    (
        "accounts/usage.py",
        "locked = owners.lock(business.pk)\n    today",
        "locked = Business.objects.get(pk=business.pk)\n    today",
        "two clicks at once in one business both fit into what is left for one",
    ),
    (
        "accounts/usage.py",
        "User.objects.select_for_update(no_key=True).get(pk=by.pk)",
        "by",
        "one person's clicks at once in several businesses get past the person's own allowance",
    ),
    (
        "accounts/usage.py",
        "return max(0, self.limit - self.used - self.reserved)",
        "return max(0, self.limit - self.used)",
        "what one job was promised is promised to the next as well",
    ),
    (
        "accounts/usage.py",
        "Reservation.objects.filter(job_id=job_id).delete()",
        "Reservation.objects.filter(business=business).delete()",
        "one job's end sets free what the business's other jobs were promised",
    ),
    (
        "accounts/usage.py",
        "    roles.require(by, locked, Role.OWNER)\n",
        "",
        "an editor raises the business's limit",
    ),
    (
        "accounts/audit.py",
        "in businesses or [None]:",
        "in businesses:",
        "what is done to somebody of no business is on no record",
    ),
    (
        "accounts/audit.py",
        "if not transaction.get_connection().in_atomic_block:",
        "if False:",
        "a change that fails is on the record, or one that happened is not",
    ),
    (
        "accounts/roles.py",
        "Membership.holders(business.pk, role)",
        "Membership.holders(business.pk, Role.VIEWER)",
        "a viewer does all that an owner may, by a command or a task",
    ),
    (
        "accounts/models/membership.py",
        ", user__is_active=True)",
        ")",
        "somebody who was locked out goes on acting, and their invitations stay good",
    ),
    (
        "accounts/access.py",
        ".filter(user=_person(request), business_id=business_id)",
        ".filter(business_id=business_id)",
        "a stranger comes in as whoever is a member there",
    ),
    (
        "accounts/owners.py",
        ".exclude(pk=without.pk)",
        "",
        "the last owner leaves, and nobody can run the business",
    ),
    (
        "accounts/invitations.py",
        "if not invitation.is_open:",
        "if False:",
        "an invitation that was used, revoked or has expired lets somebody in",
    ),
    (
        "accounts/sign_in_links.py",
        '_open(token).select_for_update(of=("self",)).first()',
        "_open(token).first()",
        "two clicks at once are signed in by a link that is good once",
    ),
    (
        "webapp/access.py",
        "membership_in(request, creative.business.pk, role)",
        "membership_in(request, creative.business.pk)",
        "a viewer comes by the doors of those who may change a creative",
    ),
    (
        "webapp/access.py",
        "    membership_in(request, output.job.business_id, role)\n",
        "",
        "a stranger sees every picture whose address is known",
    ),
    (
        "webapp/access.py",
        "    membership_in(request, kit.business_id, role)\n",
        "",
        "a stranger reads how a business looks and speaks, and changes it",
    ),
    (
        "generation/provenance/verdict.py",
        '"changed": Finding.MISMATCH}',
        '"changed": Finding.WATERMARKED}',
        "a file whose signature of ours is damaged is said to have none",
    ),
    (
        "generation/provenance/verdict.py",
        "    if watermark:\n",
        '    if watermark and statement.standing == "none":\n',
        "a damaged signature hides our watermark",
    ),
    (
        "generation/provenance/manifest.py",
        "BOUND in holds and _covers(details, data, media_type)",
        "BOUND in holds",
        "another picture in front of the signed one is said to be made here",
    ),
    (
        "generation/compositor/colours.py",
        "fine = (colour for colour in known if contrast(colour, ground) >= ratio * MARGIN)",
        "fine = (colour for colour in known if contrast(colour, ground) >= ratio)",
        "words that can just be read are not, once the file is a JPEG",
    ),
    (
        "generation/files/storage.py",
        "    _compare(path, hashlib.sha256(data).hexdigest())\n    return data",
        "    return data",
        "a file that the disk damaged is given away as it is",
    ),
    (
        "generation/files/orphans.py",
        "older_than = _longest_job() + MARGIN",
        "older_than = MARGIN",
        "the first pictures of a long job are removed before its end names them",
    ),
    (
        "generation/jobs/lease.py",
        "epoch=job.epoch, claimed_by=job.claimed_by, ",
        "",
        "a worker that slept through its lease ends the job of the one that came after it",
    ),
    (
        "generation/jobs/lease.py",
        "WHERE id = %(id)s AND epoch = %(epoch)s AND claimed_by = %(claimed_by)s AND status",
        "WHERE id = %(id)s AND status",
        "a worker that slept through its lease goes on, beside the one that came after it",
    ),
    (
        "generation/jobs/lease.py",
        "LIMIT 1 FOR UPDATE OF job SKIP LOCKED",
        "LIMIT 1",
        "two workers take the same job",
    ),
    (
        "generation/jobs/ending.py",
        "    if row.is_finished:\n        return row\n",
        "",
        "cancelling what has ended ends it once more, with a second line in the ledger",
    ),
    (
        "generation/jobs/ending.py",
        '**released(), attempts=F("attempts") - 1)',
        "**released())",
        "a job is given up that workers only handed back as they went home",
    ),
    (
        "generation/jobs/submission.py",
        "Job.objects.filter(business=business, key=key)",
        "Job.objects.filter(key=key)",
        "a click is answered with the job of another business",
    ),
    (
        "generation/jobs/sweep.py",
        "lease_until__lt=DatabaseClock()",
        "lease_until__isnull=False",
        "a job in good hands is taken away from its worker",
    ),
    (
        "generation/jobs/sweep.py",
        "elif job.attempts >= ",
        "elif job.attempts >= 99 + ",
        "a job that kills its workers kills them for ever",
    ),
)


def mutants() -> list[Mutant]:
    """Raises LookupError for one whose text is not there, or not once."""
    return [_found(*fault) for fault in FAULTS]


def _found(file: str, old: str, new: str, why: str) -> Mutant:
    source = (ROOT / file).read_bytes()
    if (times := source.count(old.encode())) != 1:
        raise LookupError(f"{file} has {times} times what the listed mutant changes: {old!r}")
    start = source.index(old.encode())
    indented = len(old) - len(old.lstrip())
    return Mutant(file, line_of(source, start + indented), start, old, new, why)
