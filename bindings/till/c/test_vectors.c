/* Holds the C surface to the golden vectors. Reads them as lines of tabs, which test.sh makes of the JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guidebook_till.h"

static const char *reasons[] = {"good", "Malformed", "FutureVersion", "UnknownKey", "BadSignature", "Expired", "WrongStore", "WrongClass", "", "", "Class", "Check", "Backwards"};
static int checked, failed;

static void expect(int holds, const char *what) {
    checked++;
    if (!holds) {
        failed++;
        fprintf(stderr, "not so: %s\n", what);
    }
}

int main(int argc, char **argv) {
    static char line[4096];
    guidebook_trust *trust = NULL;
    FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!file) return 2;
    while (fgets(line, sizeof line, file)) {
        char *field[8] = {0}, *rest = line;
        line[strcspn(line, "\n")] = 0;
        for (int n = 0; n < 8 && rest; n++) field[n] = strsep(&rest, "\t");
        if (!strcmp(field[0], "trust")) {
            unsigned number = (unsigned)atoi(field[4]);
            expect(guidebook_trust_accept(field[1], field[2], field[3], 0, &trust) == GUIDEBOOK_GOOD, "trust list");
            guidebook_trust *none = NULL;
            expect(guidebook_trust_accept(field[1], field[2], field[3], number + 1, &none) == GUIDEBOOK_TRUST_BACKWARDS && !none, "backwards");
        } else if (!strcmp(field[0], "parse")) {
            char code[17] = "";
            int got = guidebook_code_parse(field[1], &code);
            const char *told = got == GUIDEBOOK_MALFORMED ? "Form" : reasons[got];
            expect(!strcmp(told, field[2]) && !strcmp(code, field[3]), line + strlen(line) + 1);
        } else if (!strcmp(field[0], "verdict")) {
            guidebook_voucher voucher = {0};
            int got = guidebook_voucher_verify(trust, field[1], strtoull(field[2], NULL, 10), (uint16_t)atoi(field[3]), field[4][0], &voucher);
            expect(!strcmp(reasons[got], field[5]) && !strcmp(voucher.code, field[6]), field[5]);
        }
    }
    expect(guidebook_voucher_verify(NULL, "", 0, 1, 0, NULL) == GUIDEBOOK_MALFORMED, "null is refused");
    expect(guidebook_code_parse(NULL, NULL) == GUIDEBOOK_MALFORMED, "null is refused");
    guidebook_trust_free(trust);
    guidebook_trust_free(NULL);
    printf("till in C: %d passed, %d failed\n", checked - failed, failed);
    return failed || checked < 30;
}
