/* fuzz_date.c - whatever is read as a date can be written, and read again as the same. */
#include "core/http/date.h"
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wh_date date;
    struct wh_date back;
    char text[WH_DATE_LEN];

    if (wh_date_parse((const char *)data, size, 2026, &date)) {
        FUZZ_CHECK(wh_date_put(text, &date));
        FUZZ_CHECK(wh_date_parse(text, sizeof(text), 2026, &back));
        FUZZ_CHECK(memcmp(&date, &back, sizeof(date)) == 0);
    }
    return 0;
}
