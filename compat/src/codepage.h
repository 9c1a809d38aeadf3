/* codepage.h - the code pages that exist here and what their bytes mean. */
#ifndef WIN_CODEPAGE_H
#define WIN_CODEPAGE_H

#include <minwindef.h>
#include <stdbool.h>

#include "utf.h"

enum win_codepage { WIN_CP_NONE, WIN_CP_UTF8, WIN_CP_LATIN1, WIN_CP_ASCII, WIN_CP_1252 };

/* The code page behind a number, aliases (CP_ACP, CP_OEMCP, CP_THREAD_ACP) resolved. */
enum win_codepage win_codepage(UINT number);

/* One character of `len` > 0 bytes. */
struct win_rune win_codepage_next(enum win_codepage page, const char *text, size_t len);

/* The byte for a code point in one of the single-byte pages; false when it has none. */
bool win_codepage_byte(enum win_codepage page, uint32_t code, char *byte);

#endif
