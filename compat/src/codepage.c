/* codepage.c - the code pages that exist here; see codepage.h. */
#include "codepage.h"

#include <errhandlingapi.h>
#include <winerror.h>
#include <winnls.h>

/* What windows-1252 has at 0x80 to 0x9F; the five unused bytes stand for themselves. */
static const uint16_t upper_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

enum win_codepage win_codepage(UINT number)
{
    switch (number) {
    case CP_ACP:
    case CP_OEMCP:
    case CP_THREAD_ACP:
    case CP_UTF8:
        return WIN_CP_UTF8;
    case 28591:
        return WIN_CP_LATIN1;
    case 20127:
        return WIN_CP_ASCII;
    case 1252:
        return WIN_CP_1252;
    default:
        return WIN_CP_NONE;
    }
}

struct win_rune win_codepage_next(enum win_codepage page, const char *text, size_t len)
{
    uint32_t byte = (unsigned char)text[0];

    if (page == WIN_CP_UTF8)
        return win_utf8_next(text, len);
    if (page == WIN_CP_ASCII && byte >= 0x80)
        return (struct win_rune){WIN_REPLACEMENT, WIN_REPLACEMENT, 1, false};
    if (page == WIN_CP_1252 && byte >= 0x80 && byte < 0xA0)
        byte = upper_1252[byte - 0x80];
    return (struct win_rune){byte, byte, 1, true};
}

bool win_codepage_byte(enum win_codepage page, uint32_t code, char *byte)
{
    *byte = (char)code;
    if (code < 0x80 || (page == WIN_CP_LATIN1 && code < 0x100))
        return true;
    if (page != WIN_CP_1252)
        return false;
    if (code >= 0xA0 && code < 0x100)
        return true;
    for (unsigned i = 0; i < 32; i++) {
        if (upper_1252[i] == code) {
            *byte = (char)(0x80 + i);
            return true;
        }
    }
    return false;
}

UINT WINAPI GetACP(void)
{
    return CP_UTF8;
}

UINT WINAPI GetOEMCP(void)
{
    return CP_UTF8;
}

BOOL WINAPI IsValidCodePage(UINT CodePage)
{
    return CodePage >= 1000 && win_codepage(CodePage) != WIN_CP_NONE;
}

BOOL WINAPI GetCPInfo(UINT CodePage, LPCPINFO lpCPInfo)
{
    enum win_codepage page = win_codepage(CodePage);

    if (page == WIN_CP_NONE || !lpCPInfo) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *lpCPInfo = (CPINFO){.MaxCharSize = page == WIN_CP_UTF8 ? 4 : 1, .DefaultChar = {'?'}};
    return TRUE;
}

/* UTF-8 is not a double-byte code page. */
BOOL WINAPI IsDBCSLeadByte(BYTE TestChar)
{
    (void)TestChar;
    return FALSE;
}
