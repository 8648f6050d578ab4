"""A second reader of Packflow packages, written from docs/package-format.md alone.

    python3 read_package.py PACKAGE

Prints name, version, digest and the SHA-256 of every file as JSON; ends with 1 and a reason for what is no package.
It holds the archive in memory and leaves the rules for names across systems to the real reader.
"""

import hashlib
import json
import re
import struct
import sys
import unicodedata
import zlib

MANIFEST = "MANIFEST.json"


class Refused(Exception):
    pass


def require(holds, rule):
    if not holds:
        raise Refused(rule)


def check_path(path):
    parts = path.split("/")
    require(all(part not in ("", ".", "..") and part[-1] not in ". " for part in parts), f"a safe path: {path!r}")
    require(not re.search(r'[\x00-\x1f\x7f-\x9f\\:<>"|?*]', path), f"no forbidden character: {path!r}")
    require(unicodedata.is_normalized("NFC", path) and len(parts) <= 32, f"NFC and 32 parts: {path!r}")


def inflate(data, size=None):
    """The content of a deflate stream that must end with its last byte."""
    stream = zlib.decompressobj(-15)
    content = stream.decompress(data) + stream.flush()
    require(stream.eof and stream.unused_data == b"", "one whole deflate stream")
    require(size is None or len(content) == size, "the size that the headers say")
    return content


def tar_header(path, mode, size, time):
    name = path.encode()
    prefix = b""
    if len(name) > 100:
        cut = name.index(b"/", len(name) - 101)
        prefix, name = name[:cut], name[cut + 1 :]
    require(len(prefix) <= 155 and name != b"", "a path that fits ustar")
    zero = b"0000000\0"
    before = name.ljust(100, b"\0") + b"%07o\0" % mode + zero + zero + b"%011o\0%011o\0" % (size, time)
    after = b"0" + bytes(100) + b"ustar\00000" + bytes(64) + zero + zero + prefix.ljust(155, b"\0") + bytes(12)
    checksum = sum(before) + sum(after) + 8 * 0x20
    return before + b"%06o\0 " % checksum + after


def read_tar_gz(data):
    require(data[:4] == bytes.fromhex("1f8b0800"), "a gzip header without optional fields")
    tar = inflate(data[10:-8])
    require(struct.unpack("<II", data[-8:]) == (zlib.crc32(tar), len(tar) % 2**32), "the gzip trailer")
    at = 0
    while tar[at : at + 512] != bytes(512):
        header = tar[at : at + 512]
        require(len(header) == 512, "a whole archive")
        name, prefix = (header[start:end].rstrip(b"\0").decode() for start, end in ((0, 100), (345, 500)))
        path = f"{prefix}/{name}" if prefix else name
        mode, size, time = (int(header[start:end], 8) for start, end in ((100, 107), (124, 135), (136, 147)))
        require(header == tar_header(path, mode, size, time), f"the one spelling of the header of {path!r}")
        start, at = at + 512, at + 512 + -(-size // 512) * 512
        require(not any(tar[start + size : at]) and at <= len(tar), "padding of zeros")
        yield path, mode, tar[start : start + size]
    require(tar[at:] == bytes(1024), "two closing blocks and nothing behind")


def zip_records(path, mode, method, time, crc, packed, size, offset):
    """The local header and the line of the list."""
    large = max(packed, size) >= 0xFFFFFFFF
    local_numbers = struct.pack("<QQ", size, packed) if large else b""
    numbers = local_numbers + (struct.pack("<Q", offset) if offset >= 0xFFFFFFFF else b"")
    extras = [struct.pack("<HH", 1, len(part)) + part if part else b"" for part in (local_numbers, numbers)]
    needs = [45 if part else 20 for part in (local_numbers, numbers)]
    name = path.encode()
    sizes = (0xFFFFFFFF,) * 2 if large else (packed, size)
    middle = struct.pack("<HHIIIIH", 0x0800, method, time, crc, *sizes, len(name))
    local = b"PK\3\4" + struct.pack("<H", needs[0]) + middle + struct.pack("<H", len(extras[0])) + name + extras[0]
    made_by = struct.pack("<HH", 3 * 256 + needs[1], needs[1])
    place = struct.pack("<H6xII", len(extras[1]), (0o100000 + mode) * 65536, min(offset, 0xFFFFFFFF))
    return local, b"PK\1\2" + made_by + middle + place + name + extras[1]


def zip_end(count, size, offset):
    large = b""
    if count >= 0xFFFF or max(size, offset) >= 0xFFFFFFFF:
        large = b"PK\6\6" + struct.pack("<QHH8xQQQQ", 44, 0x032D, 0x002D, count, count, size, offset)
        large += b"PK\6\7" + struct.pack("<4xQI", offset + size, 1)
    count, size, offset = min(count, 0xFFFF), min(size, 0xFFFFFFFF), min(offset, 0xFFFFFFFF)
    return large + b"PK\5\6" + struct.pack("<4xHHII2x", count, count, size, offset)


def read_zip(data):
    count, list_size, list_at = struct.unpack("<10xHII2x", data[-22:])
    if count == 0xFFFF or 0xFFFFFFFF in (list_size, list_at):
        count, list_size, list_at = struct.unpack("<32xQQQ", data[-98:-42])
    require(data[list_at + list_size :] == zip_end(count, list_size, list_at), "the one end")
    at, place = list_at, 0
    for _ in range(count):
        fields = struct.unpack_from("<10xHIIIIHH6xII", data, at)
        method, time, crc, packed, size, path_length, extra_length, attributes, offset = fields
        path = data[at + 46 : at + 46 + path_length].decode()
        large = iter(struct.unpack_from(f"<{extra_length // 8}Q", data, at + 50 + path_length))
        size, packed, offset = (next(large, n) if n == 0xFFFFFFFF else n for n in (size, packed, offset))
        mode = attributes // 65536 - 0o100000
        local, line = zip_records(path, mode, method, time, crc, packed, size, offset)
        require(data.startswith(line, at) and data.startswith(local, place), f"the one spelling of {path!r}")
        require(offset == place and method in (0, 8) and (method == 8 or size == packed), f"order and method of {path!r}")
        start, at, place = place + len(local), at + len(line), place + len(local) + packed
        content = data[start:place] if method == 0 else inflate(data[start:place], size)
        require(zlib.crc32(content) == crc, f"the CRC-32 of {path!r}")
        yield path, mode, content
    require(at == list_at + list_size and place == list_at, "no gap")


def read_package(data):
    files = read_tar_gz(data) if data[:2] == b"\x1f\x8b" else read_zip(data)
    path, mode, content = next(files)
    require(path == MANIFEST and mode == 0o644, "MANIFEST.json first")
    text = content.decode()
    manifest = json.loads(text)
    require(manifest["schema"] == "packflow.package/1", "a known schema")
    require(text == json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "the one spelling of the manifest")
    require(list(manifest) == ["schema", "name", "version", "files", "digest"], "the members of the manifest")
    lines = [manifest["schema"], f"name {manifest['name']}", f"version {manifest['version']}"]
    for file in manifest["files"]:
        require(list(file) == ["path", "size", "mode", "sha256"], "the members of a file")
        check_path(file["path"])
        lines.append(f"{file['sha256']} {file['size']} {file['mode']} {file['path']}")
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    require(manifest["digest"] == f"sha256:{digest}", "the digest of the list")
    paths = [file["path"].encode() for file in manifest["files"]]
    require(paths == sorted(set(paths)) and MANIFEST.encode() not in paths, "a sorted list")
    listed = {file["path"]: file for file in manifest["files"]}
    for path, mode, content in files:
        file = listed.pop(path, None)
        require(file is not None, f"{path!r} in the list")
        require(f"{mode:04o}" == file["mode"] and len(content) == file["size"], f"mode and size of {path!r}")
        require(hashlib.sha256(content).hexdigest() == file["sha256"], f"the SHA-256 of {path!r}")
    require(not listed, f"all files of the list: {list(listed)}")
    return manifest


def main():
    try:
        with open(sys.argv[1], "rb") as file:
            manifest = read_package(file.read())
    except (Refused, zlib.error, ValueError, LookupError, struct.error, StopIteration, TypeError) as error:
        sys.exit(f"Not a package: {type(error).__name__}: {error}")
    about = {key: manifest[key] for key in ("name", "version", "digest")}
    print(json.dumps({**about, "files": {file["path"]: file["sha256"] for file in manifest["files"]}}))


if __name__ == "__main__":
    main()
