/* uuid.c - UUIDs. */
#define _DEFAULT_SOURCE
#include "uuid.h"
#include <ctype.h>
#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

void win_uuid_format(const UUID *u, char text[WIN_UUID_CHARS + 1])
{
    snprintf(text, WIN_UUID_CHARS + 1, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", u->Data1,
             u->Data2, u->Data3, u->Data4[0], u->Data4[1], u->Data4[2], u->Data4[3], u->Data4[4],
             u->Data4[5], u->Data4[6], u->Data4[7]);
}

/* Exactly 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid_text(const char *text)
{
    for (size_t i = 0; i < WIN_UUID_CHARS; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return text[WIN_UUID_CHARS] == '\0';
}

static unsigned long hex(const char *text, size_t digits)
{
    char part[9] = {0};

    memcpy(part, text, digits);
    return strtoul(part, NULL, 16);
}

bool win_uuid_parse(const char *text, UUID *uuid)
{
    static const unsigned char at[8] = {19, 21, 24, 26, 28, 30, 32, 34};

    if (!is_uuid_text(text))
        return false;
    uuid->Data1 = (unsigned int)hex(text, 8);
    uuid->Data2 = (unsigned short)hex(text + 9, 4);
    uuid->Data3 = (unsigned short)hex(text + 14, 4);
    for (size_t i = 0; i < 8; i++)
        uuid->Data4[i] = (unsigned char)hex(text + at[i], 2);
    return true;
}

RPC_STATUS RPC_ENTRY UuidCreate(UUID *uuid)
{
    if (getentropy(uuid, sizeof(*uuid)) != 0)
        return RPC_S_UUID_NO_ADDRESS;
    uuid->Data3 = (unsigned short)((uuid->Data3 & 0x0fff) | 0x4000);  /* version 4 */
    uuid->Data4[0] = (unsigned char)((uuid->Data4[0] & 0x3f) | 0x80); /* variant 10 */
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY UuidCreateNil(UUID *uuid)
{
    memset(uuid, 0, sizeof(*uuid));
    return RPC_S_OK;
}

/* NULL is the nil UUID. */
int RPC_ENTRY UuidEqual(UUID *first, UUID *second, RPC_STATUS *status)
{
    static const UUID nil;

    *status = RPC_S_OK;
    return memcmp(first ? first : &nil, second ? second : &nil, sizeof(nil)) == 0;
}

int RPC_ENTRY UuidIsNil(UUID *uuid, RPC_STATUS *status)
{
    return UuidEqual(uuid, NULL, status);
}

RPC_STATUS RPC_ENTRY UuidToStringA(const UUID *uuid, RPC_CSTR *text)
{
    char *out = malloc(WIN_UUID_CHARS + 1);

    if (!out)
        return RPC_S_OUT_OF_MEMORY;
    win_uuid_format(uuid, out);
    *text = (RPC_CSTR)out;
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY UuidFromStringA(RPC_CSTR text, UUID *uuid)
{
    if (!text)
        return UuidCreateNil(uuid);
    return win_uuid_parse((const char *)text, uuid) ? RPC_S_OK : RPC_S_INVALID_STRING_UUID;
}

RPC_STATUS RPC_ENTRY RpcStringFreeA(RPC_CSTR *text)
{
    free(*text);
    *text = NULL;
    return RPC_S_OK;
}

HRESULT WINAPI CoCreateGuid(GUID *guid)
{
    return UuidCreate(guid) == RPC_S_OK ? S_OK : E_FAIL;
}
