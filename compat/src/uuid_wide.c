/* uuid_wide.c - UUIDs as wide text. Both widths of WCHAR. */
#include "uuid.h"
#include <objbase.h>
#include <stdlib.h>

RPC_STATUS RPC_ENTRY UuidToStringW(const UUID *uuid, RPC_WSTR *text)
{
    WCHAR *out = malloc((WIN_UUID_CHARS + 1) * sizeof(*out));
    char narrow[WIN_UUID_CHARS + 1];

    if (!out)
        return RPC_S_OUT_OF_MEMORY;
    win_uuid_format(uuid, narrow);
    for (size_t i = 0; i <= WIN_UUID_CHARS; i++)
        out[i] = (WCHAR)narrow[i];
    *text = out;
    return RPC_S_OK;
}

RPC_STATUS RPC_ENTRY UuidFromStringW(RPC_WSTR text, UUID *uuid)
{
    char narrow[WIN_UUID_CHARS + 2] = {0};

    if (!text)
        return UuidCreateNil(uuid);
    for (size_t i = 0; i <= WIN_UUID_CHARS && text[i]; i++)
        narrow[i] = text[i] < 0x80 ? (char)text[i] : '?';
    return win_uuid_parse(narrow, uuid) ? RPC_S_OK : RPC_S_INVALID_STRING_UUID;
}

RPC_STATUS RPC_ENTRY RpcStringFreeW(RPC_WSTR *text)
{
    free(*text);
    *text = NULL;
    return RPC_S_OK;
}

int WINAPI StringFromGUID2(REFGUID guid, LPOLESTR text, int size)
{
    char narrow[WIN_UUID_CHARS + 1];

    if (size < WIN_UUID_CHARS + 3)
        return 0;
    win_uuid_format(guid, narrow);
    text[0] = '{';
    for (size_t i = 0; i < WIN_UUID_CHARS; i++)
        text[i + 1] = (WCHAR)(narrow[i] >= 'a' && narrow[i] <= 'f' ? narrow[i] - 32 : narrow[i]);
    text[WIN_UUID_CHARS + 1] = '}';
    text[WIN_UUID_CHARS + 2] = 0;
    return WIN_UUID_CHARS + 3;
}
