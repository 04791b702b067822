/* Codes and vouchers for tills that speak C: public keys only. Link guidebook_till_c (shared or static).
 *
 * Texts are UTF-8 and end in a zero. Every function is safe to call from several threads at once; a guidebook_trust is only
 * read until it is freed. What a lane may take without a network, and the store's ledger, are guidebook-till's. */
#ifndef GUIDEBOOK_TILL_H
#define GUIDEBOOK_TILL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    GUIDEBOOK_GOOD = 0,
    GUIDEBOOK_MALFORMED = 1,      /* no voucher, no code, no list, or a null pointer */
    GUIDEBOOK_FUTURE_VERSION = 2, /* a voucher of a newer version */
    GUIDEBOOK_UNKNOWN_KEY = 3,    /* signed by a key that the trust list does not name at this time */
    GUIDEBOOK_BAD_SIGNATURE = 4,
    GUIDEBOOK_EXPIRED = 5,
    GUIDEBOOK_WRONG_STORE = 6,
    GUIDEBOOK_WRONG_CLASS = 7,
    GUIDEBOOK_CODE_CLASS = 10,     /* a typed code that begins with a digit: perhaps a payment code */
    GUIDEBOOK_CODE_CHECK = 11,     /* mistyped */
    GUIDEBOOK_TRUST_BACKWARDS = 12 /* older than the list at hand */
};

enum { GUIDEBOOK_AMOUNT = 0, GUIDEBOOK_PERCENT = 1, GUIDEBOOK_GIFT = 2 };

typedef struct guidebook_trust guidebook_trust;

typedef struct guidebook_voucher {
    char code[17];            /* 16 symbols and a zero */
    char last_day[11];        /* YYYY-MM-DD, valid through it in Asia/Shanghai */
    uint8_t kid;              /* which of HQ's keys has signed */
    uint8_t kind;             /* GUIDEBOOK_AMOUNT, _PERCENT, _GIFT */
    uint16_t store;           /* number of the store, 0 for any */
    uint32_t value;           /* fen; basis points; number of the gift */
    uint32_t cap_fen;         /* of a percentage: the most that it takes off */
    uint32_t least_spend_fen; /* 0 for none */
} guidebook_voucher;

/* Reads a typed code, forgiving case, spaces, hyphens, I, L and O. `out` may be null. */
int guidebook_code_parse(const char *typed, char (*out)[17]);

/* Takes a trust list as it was signed (its text, its signature in base64url) under the root key (base64url), unless it is
 * older than number `held` (0 for none). The list is freed by guidebook_trust_free. */
int guidebook_trust_accept(const char *list, const char *signature, const char *root, uint32_t held, guidebook_trust **out);
void guidebook_trust_free(guidebook_trust *trust);

/* Whether a scanned voucher is good at this time (Unix milliseconds) in this store (its number, 1 or more). `letter` is the class
 * that is wanted, or 0. `out` may be null, and is written only if the voucher is good. */
int guidebook_voucher_verify(const guidebook_trust *trust, const char *voucher, uint64_t now_ms, uint16_t store, char letter,
                             guidebook_voucher *out);

#ifdef __cplusplus
}
#endif
#endif
