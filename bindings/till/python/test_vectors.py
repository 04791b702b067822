"""Holds `guidebook_till.py` to the golden vectors that all languages share. `python3 -m unittest` in this folder."""

import json
import pathlib
import unittest

import guidebook_till as till

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "core/domain/golden/coupons.json"
VECTORS = json.loads(GOLDEN.read_text(encoding="utf-8"))


class Vectors(unittest.TestCase):
    def reason(self, call, *args):
        with self.assertRaises(till.Refused) as refused:
            call(*args)
        return refused.exception.reason

    def test_base45_reads_both_ways(self):
        for case in VECTORS["base45"]:
            self.assertEqual(till.base45_encode(bytes.fromhex(case["hex"])), case["text"])
            self.assertEqual(till.base45_decode(case["text"]).hex(), case["hex"])
        for text in VECTORS["no_base45"]:
            self.reason(till.base45_decode, text)

    def test_codes_are_made_and_read_alike(self):
        for case in VECTORS["codes"]:
            self.assertEqual(till.code_from_parts(case["class"], int(case["random"])), case["code"])
            self.assertEqual(till.grouped(case["code"]), case["grouped"])
        for case in VECTORS["parses"]:
            if case["error"] is None:
                self.assertEqual(till.parse_code(case["text"]), case["code"])
            else:
                self.assertEqual(self.reason(till.parse_code, case["text"]), case["error"], case["text"])

    def test_vouchers_say_the_same(self):
        for case in VECTORS["vouchers"]:
            voucher, body, _ = till.decode_voucher(case["text"])
            self.assertEqual(body.hex(), case["body"])
            self.assertEqual(voucher, {name: case[name] for name in voucher})

    def test_verdicts_are_the_same(self):
        trust = till.accept_trust(VECTORS["trust"]["list"], 0, VECTORS["root"])
        for case in VECTORS["verdicts"]:
            asked = (case["text"], trust, case["now_ms"], case["store"], case["class"])
            if case["verdict"].startswith("good "):
                self.assertEqual("good " + till.verify_voucher(*asked)["code"], case["verdict"])
            else:
                self.assertEqual(self.reason(till.verify_voucher, *asked), case["verdict"])

    def test_every_single_bit_flip_is_refused(self):
        trust = till.accept_trust(VECTORS["trust"]["list"], 0, VECTORS["root"])
        good = till.base45_decode(VECTORS["verdicts"][0]["text"])
        for bit in range(648):
            flipped = bytearray(good)
            flipped[bit // 8] ^= 0x80 >> bit % 8
            self.reason(till.verify_voucher, till.base45_encode(flipped), trust, VECTORS["verdicts"][0]["now_ms"], 17)

    def test_a_trust_list_never_goes_backwards(self):
        signed = VECTORS["trust"]["list"]
        self.assertEqual(self.reason(till.accept_trust, signed, VECTORS["trust"]["number"] + 1, VECTORS["root"]), "Backwards")
        altered = dict(signed, text=signed["text"].replace('"number":7', '"number":8'))
        self.assertEqual(self.reason(till.accept_trust, altered, 0, VECTORS["root"]), "BadSignature")


if __name__ == "__main__":
    unittest.main()
