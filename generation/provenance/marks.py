"""Marks written into a picture's file: an XMP packet that says, in IPTC's terms, that a model made it.

Digital source type: https://cv.iptc.org/newscodes/digitalsourcetype/, in the Iptc4xmpExt namespace of the
IPTC Photo Metadata Standard, whose version 2025.1 added AISystemUsed and AISystemVersionUsed. Of that
standard's fields for AI the prompt and the name of its writer are left out on purpose.
"""

import io
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from .recipe import handbill_version

TRAINED_ALGORITHMIC_MEDIA = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
PNG_KEYWORD = "XML:com.adobe.xmp"  # ISO 16684-1, embedding in PNG
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


def mark(image: Image.Image, recipe: Mapping[str, object]) -> bytes:
    """`image` as a PNG with the marks, and nothing else that its maker or a pipeline attached to it.

    The same pixels and recipe give the same bytes (with the same Pillow and zlib).
    """
    chunks = PngInfo()
    chunks.add_itxt(PNG_KEYWORD, _packet(recipe))
    plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    plain.info.clear()
    stream = io.BytesIO()
    plain.save(stream, "PNG", pnginfo=chunks)
    return stream.getvalue()


def _packet(recipe: Mapping[str, object]) -> str:
    return PACKET.format(
        tool=quoteattr(f"Handbill {handbill_version()}"),
        source_type=quoteattr(TRAINED_ALGORITHMIC_MEDIA),
        system=quoteattr(f"{recipe['model']} ({recipe['pipeline_class']})"),
        version=quoteattr(str(recipe["model_hash"])),
    )
