"""Why a job failed, or waits although workers run, for the person who asked: what happened, then what to do.

Engine, worker and sweep give the codes.
"""

REASONS = {
    "disk_full": "The disk is full. Ask whoever runs this machine to make room, then try again.",
    "not_stored": "The disk did not take the file. Ask whoever runs this machine to look into the log, then"
    " try again.",
    "out_of_memory": "This machine ran out of memory. Try fewer pictures or a smaller shape.",
    "model_unavailable": "The model, or an addition to it, could not be loaded. Ask again without the"
    " addition, or choose another model.",
    "unsupported": "The chosen model cannot make this kind of picture. Choose another model or fewer extras.",
    "bad_picture": "The model drew something that is no picture. Try again with another seed.",
    "not_marked": "The picture could not be marked as made with AI, so it was not kept. Ask whoever runs this"
    " machine to look into the worker's log.",
    "refused": "What this asks for is not made here.",
    "withheld": "The picture was withheld: pictures of that kind are not made here. Change the words, or try"
    " another seed.",
    "not_looked_at": "The picture could not be looked at before it was kept, so it was not kept. Try again;"
    " if it happens twice, ask whoever runs this machine to look into the worker's log.",
    "deadline": "It was not ready in the time that was given. Try again with more time or fewer steps.",
    "worker_died": "The program that draws broke off three times. Try fewer pictures or a smaller shape.",
    "timed_out": "This took far longer than it should. Try again with fewer pictures or fewer steps.",
    "internal": "Something went wrong. Try again; if it happens twice, tell whoever runs this machine.",
}

# Of models that no worker can load, short enough for a frame. What needs the most to be mended comes first.
WAITING = {
    "missing": "No machine that is running has the files of this model.",
    "damaged": "The files of this model are damaged or incomplete.",
    "unloadable": "This model cannot be loaded just now; it is tried again.",
    "too_large": "There is not enough memory for this model just now; it is tried again.",
}

REMEDIES = {
    "missing": "Ask whoever runs this machine to install it again, or choose another model.",
    "damaged": "Ask whoever runs this machine to install it again, or choose another model.",
    "unloadable": "Ask whoever runs this machine to look into the worker’s log, or choose another model.",
    "too_large": "You can wait, or choose another model.",
}
