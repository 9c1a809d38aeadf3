/* casemap.c - simple Unicode case mapping without the program's locale.
 *
 * The C library's tables are asked through a UTF-8 locale of our own, opened once; where the
 * system has none, only Latin-1 is mapped. Any thread.
 */
#define _GNU_SOURCE
#include "utf.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t unicode_locale;

static void open_locale(void)
{
    static const char *const names[] = {"C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8"};

    for (size_t i = 0; !unicode_locale && i < sizeof(names) / sizeof(names[0]); i++)
        unicode_locale = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
}

static bool have_locale(void)
{
    pthread_once(&once, open_locale);
    return unicode_locale != (locale_t)0;
}

uint32_t win_upper(uint32_t code)
{
    if (code < 0x80)
        return code >= 'a' && code <= 'z' ? code - 32 : code;
    if (code < 0x100 && code != 0xFF && code != 0xB5)
        return code >= 0xE0 && code != 0xF7 ? code - 32 : code;
    return have_locale() ? (uint32_t)towupper_l((wint_t)code, unicode_locale) : code;
}

uint32_t win_lower(uint32_t code)
{
    if (code < 0x80)
        return code >= 'A' && code <= 'Z' ? code + 32 : code;
    if (code < 0x100)
        return code >= 0xC0 && code <= 0xDE && code != 0xD7 ? code + 32 : code;
    return have_locale() ? (uint32_t)towlower_l((wint_t)code, unicode_locale) : code;
}
