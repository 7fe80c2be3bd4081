"""corpus.py - several hundred pictures: sound, odd, broken and hostile, made from nothing in a folder.

    for picture in corpus.make(folder):       # .path .kind .want .name, and what is to be seen in .pixels

Plain ones are written here byte by byte or by libvips' own tools; metadata is put in by exiftool; damage is
done with a seeded generator, so that every run has the same files. `want` is "ok", "invalid" or "either".
"""
import dataclasses
import pathlib
import random
import struct
import subprocess
import zipfile
import zlib

CANARY = "CANARY-7f3a"  # stands in every place a file has for text; must be in no output
CREATOR, CAPTION, RIGHTS = "Jane Doe", "A bridge in rain", "CC BY 4.0"  # what may be read, not kept in the picture
W, H = 96, 64
RED, GREEN, BLUE, GREY = (200, 40, 40), (40, 160, 60), (40, 60, 200), (180, 180, 180)


@dataclasses.dataclass
class Picture:
    name: str
    path: pathlib.Path
    kind: str
    want: str
    upright: bool = False  # the four corners are RED GREEN / BLUE GREY when it is seen rightly
    size: tuple = None
    frames: int = 1
    near: int = 12  # how far a colour may be off


def vips(*words):
    subprocess.run(["vips", *map(str, words)], check=True, capture_output=True)


def exiftool(path, *words):
    subprocess.run(["exiftool", "-q", "-q", "-m", "-overwrite_original", *words, str(path)], check=True, capture_output=True)


# ---- files by the byte ----

def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, rows, depth=8, color=2, extra=(), interlace=0):
    """`rows`: raw scan lines without their filter byte, or bytes compressed already."""
    data = rows if isinstance(rows, bytes) else zlib.compress(b"".join(b"\0" + r for r in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)) \
        + b"".join(png_chunk(n, d) for n, d in extra) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def quad(x, y, width=W, height=H):
    return ((RED, GREEN), (BLUE, GREY))[y >= height // 2][x >= width // 2]


def quad_rows(pixel=lambda c: bytes(c), width=W, height=H):
    return [b"".join(pixel(quad(x, y, width, height)) for x in range(width)) for y in range(height)]


def lzw(indexes):
    """GIF's LZW without compression: a clear code before the table can grow past 9 bits."""
    bits, count, out = 0, 0, bytearray()
    for n, index in enumerate(indexes):
        for code in ([256] if n % 200 == 0 else []) + [index]:
            bits |= code << count
            count += 9
            while count >= 8:
                out.append(bits & 255)
                bits >>= 8
                count -= 8
    bits |= 257 << count
    out += struct.pack("<I", bits)[:(count + 9 + 7) // 8]
    return b"\x08" + b"".join(bytes([len(out[i:i + 255])]) + bytes(out[i:i + 255]) for i in range(0, len(out), 255)) + b"\0"


def gif(width, height, frames, delay=7, extra=b""):
    table = b"".join(bytes(c) for c in (RED, GREEN, BLUE, GREY)) + bytes(252 * 3)
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xf7, 0, 0) + table
    loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
    one = b"\x21\xf9\x04\x00" + struct.pack("<H", delay) + b"\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0)
    return head + loop + extra + b"".join(one + lzw(f) for f in frames) + b"\x3b"


def quad_indexes(turn=0):
    return [((0, 1), (2, 3))[y >= H // 2][x >= W // 2] + turn & 3 for y in range(H) for x in range(W)]


def icc(primaries, gamma, description):
    """A version 2 matrix profile: primaries are XYZ columns, D50."""
    def s15(x):
        return struct.pack(">i", round(x * 65536))
    desc = b"desc\0\0\0\0" + struct.pack(">I", len(description) + 1) + description.encode() + b"\0" + bytes(78)
    tags = {b"desc": desc, b"cprt": b"text\0\0\0\0" + CANARY.encode() + b"\0", b"wtpt": b"XYZ \0\0\0\0" + s15(.9642) + s15(1) + s15(.8249)}
    for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries):
        tags[name] = b"XYZ \0\0\0\0" + b"".join(map(s15, xyz))
    for name in (b"rTRC", b"gTRC", b"bTRC"):
        tags[name] = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) \
        + b"acsp" + bytes(28) + s15(.9642) + s15(1) + s15(.8249)
    return head + bytes(128 - len(head)) + table + body


ADOBE = icc(((.60974, .31111, .01947), (.20528, .62567, .06087), (.14919, .06322, .74457)), 2.19921875, CANARY)
P3 = icc(((.51512, .2412, -.00105), (.29198, .69225, .04189), (.1571, .06657, .78407)), 2.2, CANARY)


def encoded(color, matrix, gamma):
    """An sRGB colour as the numbers that mean the same in another space."""
    linear = [((c / 255 + .055) / 1.055) ** 2.4 if c / 255 > .04045 else c / 255 / 12.92 for c in color]
    srgb = ((.4360747, .3850649, .1430804), (.2225045, .7168786, .0606169), (.0139322, .0971045, .7141733))
    xyz = [sum(m * v for m, v in zip(row, linear)) for row in srgb]
    a = [[matrix[col][row] for col in range(3)] for row in range(3)]
    det = sum(a[0][i] * (a[1][(i + 1) % 3] * a[2][(i + 2) % 3] - a[1][(i + 2) % 3] * a[2][(i + 1) % 3]) for i in range(3))
    out = []
    for k in range(3):
        b = [row[:] for row in a]
        for row in range(3):
            b[row][k] = xyz[row]
        d = sum(b[0][i] * (b[1][(i + 1) % 3] * b[2][(i + 2) % 3] - b[1][(i + 2) % 3] * b[2][(i + 1) % 3]) for i in range(3))
        out.append(max(0, min(255, round(255 * max(0, d / det) ** (1 / gamma)))))
    return bytes(out)


# ---- the corpus ----

class Corpus:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.pictures = []

    def path(self, name):
        return self.folder / name

    def add(self, name, kind, want, data=None, **more):
        path = self.path(name)
        if data is not None:
            path.write_bytes(data)
        self.pictures.append(Picture(name, path, kind, want, **more))
        return path

    def plain(self):
        """One of each format, and what a format can be beside the usual."""
        base = self.add("quad.png", "png", "ok", png(W, H, quad_rows()), upright=True, size=(W, H), near=0)
        for name, kind, options in (("quad.jpg", "jpeg", "[Q=95]"), ("progressive.jpg", "jpeg", "[Q=95,interlace]"),
                                    ("444.jpg", "jpeg", "[Q=95,subsample_mode=off]"), ("quad.webp", "webp", "[Q=95]"),
                                    ("lossless.webp", "webp", "[lossless]"), ("quad.gif", "gif", ""),
                                    ("quad.avif", "avif", "[Q=90]"), ("quad.heic", "heic", "[Q=90]"),
                                    ("interlaced.png", "png", "[interlace]"), ("palette.png", "png", "[palette]")):
            vips("copy", base, f"{self.path(name)}{options}")
            self.add(name, kind, "ok", upright=True, size=(W, H), near=0 if kind == "png" else 16)
        vips("colourspace", base, self.path("t.v"), "rgb16")
        vips("copy", self.path("t.v"), self.path("16bit.png"))
        self.add("16bit.png", "png", "ok", upright=True, size=(W, H), near=2)
        vips("icc_export", base, f"{self.path('cmyk.jpg')}[Q=95]", "--output-profile", "cmyk")
        self.add("cmyk.jpg", "jpeg", "ok", upright=True, size=(W, H), near=60)  # ink has no such blue
        vips("bandjoin_const", base, self.path("alpha.v"), "128")
        for kind in ("png", "webp", "avif", "heic"):
            vips("copy", self.path("alpha.v"), self.path(f"alpha.{kind}"))
            self.add(f"alpha.{kind}", kind, "ok", size=(W, H))
        grey = lambda c: bytes([sum(c) // 3])  # noqa: E731
        self.add("grey.png", "png", "ok", png(W, H, quad_rows(grey), color=0), size=(W, H))
        self.add("grey-alpha.png", "png", "ok", png(W, H, quad_rows(lambda c: grey(c) + b"\x80"), color=4), size=(W, H))
        self.add("grey16.png", "png", "ok", png(W, H, quad_rows(lambda c: grey(c) * 2), depth=16, color=0), size=(W, H))
        self.add("onebit.png", "png", "ok", png(W, H, [b"\xaa" * (W // 8)] * H, depth=1, color=0), size=(W, H))
        vips("copy", self.path("grey.png"), self.path("grey.jpg"))
        self.add("grey.jpg", "jpeg", "ok", size=(W, H))
        for n, size in enumerate(((1, 1), (1, 300), (300, 1), (2, 3))):
            rows = quad_rows(width=size[0], height=size[1])
            source = self.add(f"small{n}.png", "png", "ok", png(*size, rows), size=size)
            for kind in ("jpg", "webp", "gif", "avif", "heic"):
                vips("copy", source, self.path(f"small{n}.{kind}"))
                self.add(f"small{n}.{kind}", "jpeg" if kind == "jpg" else kind, "ok", size=size)
        self.add("thin.png", "png", "ok", png(20000, 1, [b"\x80" * 60000]), size=(5000, 1))
        self.add("tall.png", "png", "ok", png(1, 20000, [b"\x80\x80\x80"] * 20000), size=(1, 5000))

    def orientation(self):
        """The same eight ways up that cameras write, in three formats; all must come out the same."""
        undo = {1: (), 2: ("flip", "horizontal"), 3: ("rot", "d180"), 4: ("flip", "vertical"), 5: ("transpose",),
                6: ("rot", "d270"), 7: ("transverse",), 8: ("rot", "d90")}
        for n, step in undo.items():
            stored = self.path(f"turned{n}.png")
            source = self.path("quad.png")
            if step and step[0] in ("transpose", "transverse"):
                vips("rot", source, self.path("t.v"), "d90" if step[0] == "transpose" else "d270")
                vips("flip", self.path("t.v"), stored, "horizontal")
            elif step:
                vips(step[0], source, stored, step[1])
            else:
                vips("copy", source, stored)
            for kind in ("jpg", "webp", "png"):
                path = self.path(f"orientation{n}.{kind}")
                vips("copy", stored, f"{path}{'[Q=95]' if kind == 'jpg' else '[lossless]' if kind == 'webp' else ''}")
                exiftool(path, "-n", f"-Orientation={n}")
                self.add(path.name, "jpeg" if kind == "jpg" else kind, "ok", upright=True, size=(W, H), near=16)

    def profiles(self):
        for name, profile, matrix, gamma in (("adobe", ADOBE, None, 2.19921875), ("p3", P3, None, 2.2)):
            matrix = ((.60974, .31111, .01947), (.20528, .62567, .06087), (.14919, .06322, .74457)) if name == "adobe" else \
                ((.51512, .2412, -.00105), (.29198, .69225, .04189), (.1571, .06657, .78407))
            rows = quad_rows(lambda c, m=matrix, g=gamma: encoded(c, m, g))
            chunk = (b"iCCP", b"p\0\0" + zlib.compress(profile))
            path = self.add(f"{name}.png", "png", "ok", png(W, H, rows, extra=[chunk]), upright=True, size=(W, H), near=6)
            for kind, options in (("jpg", "[Q=98,subsample_mode=off]"), ("webp", "[lossless]"), ("avif", "[Q=95]"), ("heic", "[Q=95]")):
                vips("copy", path, f"{self.path(f'{name}.{kind}')}{options}")
                self.add(f"{name}.{kind}", "jpeg" if kind == "jpg" else kind, "ok", upright=True, size=(W, H), near=20)
        self.add("icc-lies.png", "png", "ok", png(W, H, quad_rows(), extra=[(b"iCCP", b"p\0\0" + zlib.compress(b"nonsense" * 40))]),
                 upright=True, size=(W, H), near=6)
        self.add("icc-cut.png", "png", "ok", png(W, H, quad_rows(), extra=[(b"iCCP", b"p\0\0" + zlib.compress(P3[:200]))]), size=(W, H))

    def metadata(self):
        """Canaries wherever a file has room for words; and what an agency writes, which must be read."""
        words = [f"-{tag}={CANARY}" for tag in (
            "EXIF:UserComment", "EXIF:SerialNumber", "EXIF:LensSerialNumber", "EXIF:OwnerName", "EXIF:Make", "EXIF:Model",
            "EXIF:Software", "EXIF:HostComputer", "EXIF:ImageUniqueID", "EXIF:DocumentName", "XMP:CreatorTool", "XMP-aux:SerialNumber",
            "XMP-photoshop:Instructions", "XMP-xmpMM:DocumentID", "XMP:Location")]
        words += ["-n", "-GPSLatitude=52.5", "-GPSLatitudeRef=N", "-GPSLongitude=13.4", "-GPSLongitudeRef=E"]
        agency = [f"-XMP-dc:Creator={CREATOR}", f"-XMP-dc:Description={CAPTION}", f"-XMP-xmpRights:UsageTerms={RIGHTS}",
                  "-XMP-photoshop:Credit=Reuters", "-XMP-dc:Title=Bridge", "-XMP-iptcCore:AltTextAccessibility=Grey water"]
        for kind in ("jpg", "png", "webp", "avif", "heic"):
            path = self.path(f"words.{kind}")
            path.write_bytes(self.path(f"quad.{kind}").read_bytes())
            extra = [f"-IPTC:SpecialInstructions={CANARY}", f"-IPTC:By-line={CREATOR}", f"-Comment={CANARY}"] if kind == "jpg" else []
            exiftool(path, *words, *agency, *extra)
            self.add(path.name, "jpeg" if kind == "jpg" else kind, "ok", upright=True, size=(W, H), near=20)
        iptc = self.path("iptc.jpg")
        iptc.write_bytes(self.path("quad.jpg").read_bytes())
        exiftool(iptc, f"-IPTC:By-line={CREATOR}", f"-IPTC:Caption-Abstract={CAPTION}", f"-IPTC:CopyrightNotice={RIGHTS}",
                 "-IPTC:Credit=Reuters", "-IPTC:ObjectName=Bridge")
        self.add("iptc.jpg", "jpeg", "ok", upright=True, size=(W, H), near=16)
        exif = self.path("exif.jpg")
        exif.write_bytes(self.path("quad.jpg").read_bytes())
        exiftool(exif, f"-EXIF:Artist={CREATOR}", f"-EXIF:ImageDescription={CAPTION}", f"-EXIF:Copyright={RIGHTS}")
        self.add("exif.jpg", "jpeg", "ok", upright=True, size=(W, H), near=16)
        text = [(b"tEXt", b"Comment\0" + CANARY.encode()), (b"zTXt", b"Title\0\0" + zlib.compress(CANARY.encode())),
                (b"iTXt", b"Author\0\0\0\0\0" + CANARY.encode()), (b"eXIf", b"MM\0*" + CANARY.encode()), (b"prVt", CANARY.encode())]
        self.add("words-chunks.png", "png", "ok", png(W, H, quad_rows(), extra=text) + CANARY.encode(), upright=True, size=(W, H))
        comment = b"\x21\xfe" + bytes([len(CANARY)]) + CANARY.encode() + b"\0"
        xmp = b"\x21\xff\x0bXMP DataXMP" + b"<x>" + CANARY.encode() + b"</x>\x01" + bytes(range(255, -1, -1)) + b"\0"
        self.add("words.gif", "gif", "either", gif(W, H, [quad_indexes()], extra=comment) + CANARY.encode(), upright=True, size=(W, H))
        self.add("words-xmp.gif", "gif", "either", gif(W, H, [quad_indexes()], extra=xmp))
        jpeg = self.path("quad.jpg").read_bytes()
        for n in range(0xe0, 0xf0):
            segment = struct.pack(">BBH", 0xff, n, len(CANARY) + 2 + 40) + CANARY.encode() + bytes(40)
            self.add(f"app{n:02x}.jpg", "jpeg", "either", jpeg[:2] + segment + jpeg[2:])

    def moving(self):
        frames = [quad_indexes(n) for n in range(4)]
        self.add("moving.gif", "gif", "ok", gif(W, H, frames), upright=True, size=(W, H), frames=4, near=4)
        vips("copy", f"{self.path('moving.gif')}[n=-1]", f"{self.path('moving.webp')}[lossless]")
        self.add("moving.webp", "webp", "ok", upright=True, size=(W, H), frames=4, near=16)
        self.add("nodelay.gif", "gif", "ok", gif(W, H, frames, delay=0), upright=True, size=(W, H), frames=4)

    def wrong(self):
        """The kind says one thing, the bytes another."""
        noise = random.Random(1).randbytes(3000)
        for name, data in (("empty", b""), ("zeros", bytes(5000)), ("noise", noise), ("text", b"hello\n" * 100),
                           ("html", b"<!doctype html><script>alert(1)</script>"), ("pdf", b"%PDF-1.4\n%EOF"),
                           ("svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"),
                           ("ppm", b"P6 2 2 255 " + bytes(12)), ("bmp", b"BM" + bytes(200)), ("mat", b"2 2\n1 2\n3 4\n"),
                           ("tiff", b"II*\0\x08\0\0\0" + bytes(100)), ("jp2", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100)),
                           ("vips", b"\xb6\xa6\xf2\x08" + bytes(100)), ("jxl", b"\xff\x0a" + bytes(100)),
                           ("mvg", b"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 '/etc/passwd'\n"),
                           ("csv", b"1,2,3\n4,5,6\n"), ("riff", b"RIFF\x10\0\0\0WAVEfmt "), ("ftyp", b"\0\0\0\x18ftypmp42" + bytes(40))):
            for kind in ("jpeg", "png", "gif", "webp", "avif", "heic"):
                self.add(f"wrong-{name}-as-{kind}", kind, "invalid", data)
        for kind, other in (("jpeg", "png"), ("png", "gif"), ("gif", "webp"), ("webp", "jpg"), ("avif", "png"), ("heic", "jpg")):
            self.add(f"wrong-{other}-as-{kind}", kind, "invalid", self.path(f"quad.{other}").read_bytes())

    def polyglots(self):
        zipped = self.path("t.zip")
        with zipfile.ZipFile(zipped, "w") as z:
            z.writestr(CANARY, CANARY)
        jpeg, script = self.path("quad.jpg").read_bytes(), f"*/=1;/*{CANARY}*/alert(1)//".encode()
        self.add("polyglot-zip.jpg", "jpeg", "ok", jpeg + zipped.read_bytes(), upright=True, size=(W, H), near=16)
        self.add("polyglot-html.png", "png", "ok", png(W, H, quad_rows(), extra=[(b"tEXt", b"x\0<script>" + CANARY.encode())]),
                 upright=True, size=(W, H))
        comment = b"\x21\xfe" + bytes([len(script)]) + script + b"\0"
        self.add("polyglot-js.gif", "gif", "ok", gif(W, H, [quad_indexes()], extra=comment), upright=True, size=(W, H), near=4)
        self.add("polyglot-html.webp", "webp", "either", self.path("quad.webp").read_bytes() + b"<script>" + CANARY.encode())
        self.add("polyglot-html.avif", "avif", "either", self.path("quad.avif").read_bytes() + b"<script>" + CANARY.encode())

    def bombs(self):
        row = zlib.compressobj(9)
        big = b"".join(row.compress(bytes(3751)) for _ in range(30000)) + row.flush()
        self.add("bomb-30000.png", "png", "invalid", png(30000, 30000, big, depth=1, color=0))
        self.add("bomb-claims.png", "png", "invalid", png(0x7fffffff, 0x7fffffff, b"x"))
        self.add("bomb-rgb16.png", "png", "invalid", png(60000, 2200, b"x", depth=16, color=6))
        lies = png(11000, 11000, b"\x78\x9c")
        self.add("bomb-empty.png", "png", "invalid", lies)
        self.add("bomb-frames.gif", "gif", "invalid", gif(1, 1, [[0]] * 10000))
        self.add("bomb-screen.gif", "gif", "either", b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0xf7, 0, 0) + bytes(768) + gif(1, 1, [[0]])[781:])
        tall = bytearray(gif(1, 1, [[0]] * 900))
        struct.pack_into("<HH", tall, 6, 5000, 5000)
        # libnsgif takes the frame's size where the screen's is unlikely: what counts is that it costs nothing
        self.add("bomb-canvas.gif", "gif", "either", bytes(tall))
        full = bytearray(gif(1, 1, [[0]] * 900))
        at = 0
        while (at := full.find(b"\x2c\0\0\0\0\x01\0\x01\0", at)) >= 0:
            struct.pack_into("<HH", full, at + 5, 5000, 5000)
            at += 9
        struct.pack_into("<HH", full, 6, 5000, 5000)
        self.add("bomb-full.gif", "gif", "invalid", bytes(full))
        jpeg = bytearray(self.path("quad.jpg").read_bytes())
        at = jpeg.find(b"\xff\xc0")
        struct.pack_into(">HH", jpeg, at + 5, 65500, 65500)
        self.add("bomb-claims.jpg", "jpeg", "invalid", bytes(jpeg))
        # A JPEG that says its end before it is full is grey there, in browsers too
        struct.pack_into(">HH", jpeg, at + 5, 11000, 12000)
        self.add("bomb-hollow.jpg", "jpeg", "either", bytes(jpeg))
        progressive = bytearray(self.path("progressive.jpg").read_bytes())
        struct.pack_into(">HH", progressive, progressive.find(b"\xff\xc2") + 5, 11000, 12000)
        self.add("bomb-progressive.jpg", "jpeg", "either", bytes(progressive))
        webp = bytearray(self.path("lossless.webp").read_bytes())
        at = webp.find(b"VP8L") + 9
        struct.pack_into("<I", webp, at, 16383 | 16383 << 14)
        self.add("bomb-claims.webp", "webp", "invalid", bytes(webp))
        for kind in ("avif", "heic"):
            for n, size in enumerate((60000, 0x7fffffff)):
                data = bytearray(self.path(f"quad.{kind}").read_bytes())
                struct.pack_into(">II", data, data.find(b"ispe") + 8, size, size)
                self.add(f"bomb-claims{n}.{kind}", kind, "invalid", bytes(data))
        much = zlib.compress(bytes(200 * 1024 * 1024), 9)
        for name in (b"zTXt", b"iCCP"):
            self.add(f"bomb-{name.decode()}.png", "png", "either", png(W, H, quad_rows(), extra=[(name, b"x\0\0" + much)]))
        self.add("bomb-chunks.png", "png", "either", png(W, H, quad_rows(), extra=[(b"tEXt", b"k%d\0v" % n) for n in range(50000)]))
        laughs = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {b} '{f'&{a};' * 9}'>" for a, b in zip("abcdefgh", "bcdefghi")) + "]>"
        deep = "<a>" * 100000
        for name, packet in (("laughs", laughs + "<x>&i;</x>"), ("deep", deep), ("empty", ""), ("nul", "\0" * 500)):
            chunk = (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet.encode())
            self.add(f"xmp-{name}.png", "png", "either", png(W, H, quad_rows(), extra=[chunk]))

    def damage(self):
        """Cut short at many points, and a few bytes changed."""
        chance = random.Random(20240506)
        for name in ("quad.png", "quad.jpg", "progressive.jpg", "quad.webp", "lossless.webp", "quad.gif", "quad.avif", "quad.heic",
                     "moving.gif", "moving.webp", "words.jpg", "interlaced.png"):
            data = self.path(name).read_bytes()
            kind = {"jpg": "jpeg"}.get(name.split(".")[1], name.split(".")[1])
            for n in range(16):
                at = len(data) * n // 16 + chance.randrange(max(1, len(data) // 16))
                self.add(f"cut-{at}-{name}", kind, "either", data[:at])
            for n in range(16):
                bent = bytearray(data)
                for _ in range(1 + n // 4):
                    bent[chance.randrange(len(bent))] = chance.randrange(256)
                self.add(f"bent-{n}-{name}", kind, "either", bytes(bent))

    def large(self):
        """A hundred megapixels are a picture, not a bomb."""
        vips("black", self.path("t.v"), 12000, 8400, "--bands", "3")
        vips("copy", self.path("t.v"), f"{self.path('large.jpg')}[Q=60]")
        self.add("large.jpg", "jpeg", "ok", size=(5000, 3500))
        compress = zlib.compressobj(1)
        data = b"".join(compress.compress(b"\0" + bytes(36000)) for _ in range(8400)) + compress.flush()
        self.add("large.png", "png", "ok", png(12000, 8400, data), size=(5000, 3500))
        vips("copy", self.path("t.v"), f"{self.path('large-progressive.jpg')}[Q=60,interlace]")
        self.add("large-progressive.jpg", "jpeg", "ok", size=(5000, 3500))
        self.path("t.v").unlink()


def make(folder, large=True):
    c = Corpus(folder)
    for step in (c.plain, c.orientation, c.profiles, c.moving, c.metadata, c.wrong, c.polyglots, c.bombs, c.damage):
        step()
    if large:
        c.large()
    return c.pictures
