/* uuid.h - the text form of a UUID (RFC 9562, section 4), for both widths. */
#ifndef WIN_UUID_H
#define WIN_UUID_H

#include <stdbool.h>
#include <rpc.h>

#define WIN_UUID_CHARS 36

void win_uuid_format(const UUID *uuid, char text[WIN_UUID_CHARS + 1]);
bool win_uuid_parse(const char *text, UUID *uuid);

#endif
