"""The XMP packet (ISO 16684-1) that says in any file that a model made it."""

from xml.sax.saxutils import quoteattr

from .facts import MarkFacts, versions

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmp:CreatorTool={tool}
    Iptc4xmpExt:DigitalSourceType={source_type}
    Iptc4xmpExt:AISystemUsed={system}
    Iptc4xmpExt:AISystemVersionUsed={version}/>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def packet(facts: MarkFacts) -> str:
    return PACKET.format(
        tool=quoteattr(f"Handbill {versions()['handbill']}"),
        source_type=quoteattr(facts.source_type),
        system=quoteattr(facts.system),
        version=quoteattr(facts.model_hash),
    )
