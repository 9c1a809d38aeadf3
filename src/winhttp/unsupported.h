/* unsupported.h - the one answer of everything that this version declares but does not implement.
 *
 * Such a function exists, links, and looks at its arguments as the real one will: a program that is
 * wrong is told so, one that is right is told ERROR_CALL_NOT_IMPLEMENTED. Out parameters stay as
 * they are. docs/compatibility.md lists them.
 */
#ifndef WH_WINHTTP_UNSUPPORTED_H
#define WH_WINHTTP_UNSUPPORTED_H

#include "winhttp/object.h"

/* Bare streams and proxy resolvers: nobody has such a handle yet. */
#define WH_KIND_NONE 0u

/* ERROR_CALL_NOT_IMPLEMENTED if `handle` is open and one of `kinds`, else what is wrong with it. */
DWORD wh_unsupported_on(HINTERNET handle, unsigned kinds);

/* The same, and ERROR_INVALID_PARAMETER if the other arguments are not valid. */
static inline DWORD wh_unsupported_with(HINTERNET handle, unsigned kinds, bool arguments_are_valid)
{
    DWORD error = wh_unsupported_on(handle, kinds);

    return error == ERROR_CALL_NOT_IMPLEMENTED && !arguments_are_valid ? ERROR_INVALID_PARAMETER
                                                                       : error;
}

/* Of functions without a handle. */
static inline DWORD wh_unsupported_if(bool arguments_are_valid)
{
    return arguments_are_valid ? ERROR_CALL_NOT_IMPLEMENTED : ERROR_INVALID_PARAMETER;
}

#endif
