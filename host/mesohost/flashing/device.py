"""What runs on the board while it is flashed. MicroPython, told to the REPL as text."""

HELPERS = r"""
import binascii, deflate, gc, hashlib, io, os, sys
gc.collect()

def size(path):
    try:
        return os.stat(path)[6]
    except OSError:
        return -1

def read(path, offset, count):
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(count)

def over(path, offset, end, take):
    buffer = memoryview(bytearray(1024))
    with open(path, "rb") as file:
        file.seek(offset)
        while offset < end:
            count = file.readinto(buffer[:min(1024, end - offset)])
            if not count:
                break
            take(buffer[:count])
            offset += count

def crc(path, offset, end):
    held = [0]
    def take(data):
        held[0] = binascii.crc32(data, held[0])
    over(path, offset, end, take)
    return held[0]

def crcs(path, places):
    return [crc(path, offset, end) for offset, end in places]

def sha(path, offset=0):
    digest = hashlib.sha256()
    over(path, offset, size(path), digest.update)
    return binascii.hexlify(digest.digest()).decode()

def who():
    try:
        import machine
        board = binascii.hexlify(machine.unique_id()).decode()
    except (ImportError, AttributeError):
        board = ""
    told = sys.implementation
    stat = os.statvfs("/")
    return (sys.platform, tuple(told[1][:3]), getattr(told, "_machine", ""),
            getattr(told, "_mpy", 0), board, stat[0] * stat[3])

def names(folder):
    try:
        return sorted([entry[0] for entry in os.ilistdir(folder)])
    except OSError:
        return []

def begin(path):
    global out
    gc.collect()
    out = open(path, "wb")

def put(text):
    data = deflate.DeflateIO(io.BytesIO(binascii.a2b_base64(text)), deflate.RAW, 12).read()
    out.write(data)
    return len(data)

def copy(path, offset, end):
    over(path, offset, end, out.write)

def end():
    out.close()

def remove(path):
    try:
        os.remove(path)
    except OSError:
        pass

def folder(path):
    try:
        os.mkdir(path)
    except OSError:
        pass
"""
