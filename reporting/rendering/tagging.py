"""What a tagged PDF needs beyond what WeasyPrint writes, put in before the file is closed.

PDF/A and PDF/UA can be claimed together, but WeasyPrint writes the claim of one. It tells the headers of each
cell by their ids, which goes wrong under a head of two lines; a scope for each header says the same and is right.
"""

from __future__ import annotations

from typing import Any

import pydyf

# PDF/A wants each property outside its own list described; this one says which part of PDF/UA is met.
_CLAIM = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>\
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" \
xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def complete_tags(document: Any, pdf: Any) -> None:
    """Claim PDF/UA-1 beside PDF/A, give each table header its scope, and name the
    file within once. A finisher for WeasyPrint's write_pdf."""
    for item in pdf.objects:
        if getattr(item, "extra", {}).get("Type") == "/Metadata":
            item.stream = [part.replace(b"</rdf:RDF>", _CLAIM + b"</rdf:RDF>") for part in item.stream]
        elif isinstance(item, dict) and item.get("S") == "/TH":
            row = _of(pdf, item["P"])
            in_head = _of(pdf, row["P"])["S"] == "/THead"
            item["A"]["Scope"] = "/Column" if in_head else "/Row"
        elif isinstance(item, dict) and item.get("S") == "/TD" and "A" in item:
            item["A"].pop("Headers", None)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _of(pdf: Any, reference: bytes | str) -> Any:
    """The object a reference such as "12 0 R" names."""
    return pdf.objects[int(reference.split()[0])]
