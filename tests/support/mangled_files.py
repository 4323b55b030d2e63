"""DICOM files with changed attributes."""

import pydicom


def mangle(path, keyword, text):
    """A value that its type does not allow, as an anonymiser writes it."""
    data = pydicom.dcmread(path)
    element = data[keyword]
    data[keyword] = pydicom.DataElement(element.tag, "LO", text)
    content, packed = (
        path.read_bytes(),
        element.tag.group.to_bytes(2, "little") + element.tag.element.to_bytes(2, "little"),
    )
    place = content.index(packed + element.VR.encode())
    length = int.from_bytes(content[place + 6 : place + 8], "little")
    new = text.encode().ljust(len(text) + len(text) % 2)
    path.write_bytes(
        content[: place + 6] + len(new).to_bytes(2, "little") + new + content[place + 8 + length :]
    )
