/* usertext_ansi.c - lstr* and CharUpper for char. */
#define WINPOSIX_IMPLEMENTATION
#include <winposix/usertext.h>

#include "collate.h"
#include "utf.h"

#include <stdint.h>
#include <string.h>

#define ELEMENT          char
#define UNSIGNED_ELEMENT unsigned char
#define LSTRLEN          lstrlenA
#define LSTRCPY          lstrcpyA
#define LSTRCPYN         lstrcpynA
#define LSTRCAT          lstrcatA
#define LSTRCMP          lstrcmpA
#define LSTRCMPI         lstrcmpiA
#define CHARUPPER        CharUpperA
#define CHARLOWER        CharLowerA
#define CHARUPPERBUFF    CharUpperBuffA
#define CHARLOWERBUFF    CharLowerBuffA

/* ASCII only: the other bytes are parts of characters. */
static size_t map_one(char *text, size_t len, uint32_t (*map)(uint32_t))
{
    (void)len;
    if ((unsigned char)*text < 0x80)
        *text = (char)map((unsigned char)*text);
    return 1;
}

#include "usertext.inc"
