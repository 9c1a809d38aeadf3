/* fuzz_text.c - bytes to wide text and back, in both widths, and wide text of any kind. */
#include "core/base/alloc.h"
#include "core/base/text.h"
#include "fuzz.h"

#include <string.h>

static void check_widen(const uint8_t *data, size_t size, enum wh_unit unit)
{
    enum wh_encoding encoding = wh_text_sniff(data, size);
    size_t units = wh_widen_size(data, size, encoding, unit);
    void *wide = malloc(units * unit + 1);
    char *back;
    size_t len;

    FUZZ_CHECK(wh_widen_put(wide, data, size, encoding, unit) == units);
    FUZZ_CHECK(wh_narrow(wide, units, unit, WH_NARROW_STRICT, &back, &len) == WH_OK);
    FUZZ_CHECK(wh_text_is_utf8(back, len));
    if (encoding != WH_ENCODING_LATIN1)
        FUZZ_CHECK(len == size && memcmp(back, data, len) == 0);
    wh_free(back);
    free(wide);

    units = wh_widen_size(data, size, WH_ENCODING_UTF8, unit);
    wide = malloc(units * unit + 1);
    FUZZ_CHECK(wh_widen_put(wide, data, size, WH_ENCODING_UTF8, unit) == units);
    free(wide);
}

static void check_narrow(const uint8_t *data, size_t size, enum wh_unit unit)
{
    char *text;
    size_t len;

    FUZZ_CHECK(wh_narrow(data, size / unit, unit, WH_NARROW_LENIENT, &text, &len) == WH_OK);
    FUZZ_CHECK(wh_text_is_utf8(text, len));
    wh_free(text);
    if (wh_narrow(data, size / unit, unit, WH_NARROW_STRICT | WH_NARROW_ONE_LINE, &text, &len) ==
        WH_OK) {
        FUZZ_CHECK(strlen(text) == len && !strpbrk(text, "\r\n"));
        wh_free(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_widen(data, size, WH_UNIT16);
    check_widen(data, size, WH_UNIT32);
    check_narrow(data, size, WH_UNIT16);
    check_narrow(data, size, WH_UNIT32);
    return 0;
}
