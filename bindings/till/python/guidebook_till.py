"""Codes and vouchers for tills that speak Python: standard library only, public keys only.

Reads the formats of `core/domain/src/coupon`; `test_vectors.py` holds both to the same golden vectors. It verifies; what a
lane may take without a network, and the store's ledger, are `guidebook-till`'s. Python 3.9 or later.
"""

import base64
import datetime
import hashlib
import json

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
VERSION = 1
FIRST_DAY = datetime.date(2026, 1, 1)
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
COUPON_CONTEXT = b"guidebook.coupon.v1\0"
TRUST_CONTEXT = b"guidebook.trust.v1\0"


class Refused(Exception):
    """Why something is not taken: `reason` is one word, the same as in Rust."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


# --- the typed code -------------------------------------------------------------------------------------------------


def _powers():
    powers = [1]
    while len(powers) < 31:
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 32 else doubled)
    return powers


_POWERS = _powers()
_LOGARITHMS = {symbol: exponent for exponent, symbol in enumerate(_POWERS)}


def _times_power(symbol, exponent):
    return _POWERS[(_LOGARITHMS[symbol] + exponent) % 31] if symbol else 0


def _syndromes(word):
    once = twice = 0
    for place, symbol in enumerate(reversed(word)):
        once ^= _times_power(symbol, place)
        twice ^= _times_power(symbol, 2 * place)
    return once, twice


def code_from_parts(letter, random):
    """The 16 symbols of a class letter and 65 random bits."""
    if len(letter) != 1 or letter not in ALPHABET[10:]:
        raise Refused("Class")
    word = [ALPHABET.index(letter)] + [random >> 5 * (12 - place) & 31 for place in range(13)] + [0, 0]
    once, twice = _syndromes(word)
    word[14] = _times_power(once ^ twice, 31 - _LOGARITHMS[_POWERS[1] ^ _POWERS[2]])
    word[15] = once ^ _times_power(word[14], 1)
    return "".join(ALPHABET[symbol] for symbol in word)


def parse_code(text):
    """The 16 symbols of a typed code, forgiving case, spaces, hyphens, I, L and O. Raises `Refused`: Form, Class, Check."""
    hyphens = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
    kept = [c for c in text if not c.isspace() and c not in hyphens]
    # Letters of ASCII only: another script's capital may be an ASCII letter.
    kept = "".join(c.upper() if c.isascii() else c for c in kept)
    kept = kept.replace("O", "0").replace("I", "1").replace("L", "1")
    if len(kept) != 16 or any(c not in ALPHABET for c in kept):
        raise Refused("Form")
    if kept[0].isdigit():
        raise Refused("Class")
    if _syndromes([ALPHABET.index(c) for c in kept]) != (0, 0):
        raise Refused("Check")
    return kept


def grouped(code):
    """`KXXX-XXXX-XXXX-XXCC`."""
    return "-".join(code[place : place + 4] for place in range(0, 16, 4))


# --- base45 (RFC 9285) ----------------------------------------------------------------------------------------------


def base45_encode(data):
    text = ""
    for place in range(0, len(data), 2):
        pair = data[place : place + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, rest = divmod(number, 45)
            text += BASE45[rest]
    return text


def base45_decode(text):
    data = b""
    for place in range(0, len(text), 3):
        group = text[place : place + 3]
        number = 0
        for character in reversed(group):
            value = BASE45.find(character)
            if value < 0:
                raise Refused("Malformed")
            number = number * 45 + value
        size = len(group) - 1
        if size == 0 or number >= 256**size:
            raise Refused("Malformed")
        data += number.to_bytes(size, "big")
    return data


# --- Ed25519 (RFC 8032), verification only, strict --------------------------------------------------------------------

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)


def _add(one, two):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, two
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _same(one, two):
    return (one[0] * two[2] - two[0] * one[2]) % _P == 0 and (one[1] * two[2] - two[1] * one[2]) % _P == 0


def _point(data):
    """The point of 32 bytes, or None: not on the curve, or not written in the one way it is written."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P == (-u) % _P:
        x = x * _ROOT % _P
    if (v * x * x - u) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE = _point((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))


def _weak(point):
    return _same(_times(8, point), (0, 1, 1, 0))


def signature_holds(public, message, signature):
    """Whether `signature` is of `message` under `public`; never under a weak key, never in a second form."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or s >= _L or _weak(key) or _weak(commitment):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _L
    return _same(_times(s, _BASE), _add(commitment, _times(challenge, key)))


# --- trust list -------------------------------------------------------------------------------------------------------


def _unpadded(text, size):
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(data) != size:
        raise Refused("Malformed")
    return data


def accept_trust(signed, held, root):
    """The list in `signed` (`{"text": …, "signature": …}`), if `root` has signed it and it is not older than number `held`."""
    if not signature_holds(_unpadded(root, 32), TRUST_CONTEXT + signed["text"].encode(), _unpadded(signed["signature"], 64)):
        raise Refused("BadSignature")
    trust = json.loads(signed["text"])
    kids = [key["kid"] for key in trust["keys"]]
    if len(set(kids)) != len(kids) or any(kid not in range(16) for kid in kids):
        raise Refused("Malformed")
    if trust["number"] < held:
        raise Refused("Backwards")
    return trust


# --- vouchers ---------------------------------------------------------------------------------------------------------


def _read(body):
    bits, left = int.from_bytes(body, "big"), 136

    def take(width):
        nonlocal left
        left -= width
        return bits >> left & (1 << width) - 1

    take(4)
    voucher = {"kid": take(4)}
    letter, random, kind, value = take(5), take(65), take(2), take(20)
    if letter < 10:
        raise Refused("Malformed")
    voucher["code"] = code_from_parts(ALPHABET[letter], random)
    voucher["kind"], voucher["value"], voucher["cap_fen"] = ["amount", "percent", "gift", None][kind], value, 0
    if kind == 1:
        half, cap = value >> 12, value & 0xFFF
        voucher["value"], voucher["cap_fen"] = half * 50, cap * 100
        if not 1 <= half <= 200 or cap == 0:
            raise Refused("Malformed")
    if kind == 3 or value == 0:
        raise Refused("Malformed")
    voucher["least_spend_fen"] = take(10) * 1000
    voucher["last_day"] = (FIRST_DAY + datetime.timedelta(days=take(12))).isoformat()
    voucher["store"] = take(14)
    return voucher


def decode_voucher(text):
    """(voucher, body, signature), unverified."""
    text = text.rstrip()
    if len(text) == 121:
        text = " " + text
    data = base45_decode(text)
    if len(data) >= 81 and data[0] >> 4 > VERSION:
        raise Refused("FutureVersion")
    if len(data) != 81 or data[0] >> 4 != VERSION:
        raise Refused("Malformed")
    return _read(data[:17]), data[:17], data[17:]


def verify_voucher(text, trust, now_ms, store, letter=None):
    """What a voucher says, if HQ has signed it and it is good at this time in this store (its number, 1 or more)."""
    voucher, body, signature = decode_voucher(text)
    keys = [k for k in trust["keys"] if k["kid"] == voucher["kid"] and k["not_before_ms"] <= now_ms <= k["not_after_ms"]]
    if not keys:
        raise Refused("UnknownKey")
    if not signature_holds(_unpadded(keys[0]["public"], 32), COUPON_CONTEXT + body, signature):
        raise Refused("BadSignature")
    if letter is not None and letter != voucher["code"][0]:
        raise Refused("WrongClass")
    if voucher["store"] not in (0, store):
        raise Refused("WrongStore")
    today = datetime.datetime.fromtimestamp(now_ms // 1000, SHANGHAI).date().isoformat()
    if today > voucher["last_day"]:
        raise Refused("Expired")
    return voucher
