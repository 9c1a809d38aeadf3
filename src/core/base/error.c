/* error.c - texts of engine errors, and the one table from errno. */
#include "core/base/error.h"

#include <errno.h>
#include <stddef.h>

static const char *const texts[] = {
#define X(name, text) [WH_E_##name] = text,
    WH_ERRORS(X)
#undef X
};

static const struct {
    int error;
    enum wh_err err;
} from_errno[] = {
    {ENOMEM, WH_E_NO_MEMORY},
    {ENOBUFS, WH_E_NO_MEMORY},
    {ETIMEDOUT, WH_E_TIMEOUT},
    {ECONNREFUSED, WH_E_CANNOT_CONNECT},
    {ENETUNREACH, WH_E_CANNOT_CONNECT},
    {EHOSTUNREACH, WH_E_CANNOT_CONNECT},
    {EADDRNOTAVAIL, WH_E_CANNOT_CONNECT},
    {EAFNOSUPPORT, WH_E_CANNOT_CONNECT},
    {EMFILE, WH_E_CANNOT_CONNECT},
    {ENFILE, WH_E_CANNOT_CONNECT},
};

const char *wh_err_text(enum wh_err err)
{
    size_t n = sizeof(texts) / sizeof(texts[0]);

    return (size_t)err < n ? texts[err] : "unknown error";
}

static _Thread_local int last_errno;

int wh_err_last_errno(void)
{
    return last_errno;
}

enum wh_err wh_err_from_errno(int error)
{
    last_errno = error;
    for (size_t i = 0; i < sizeof(from_errno) / sizeof(from_errno[0]); i++)
        if (from_errno[i].error == error)
            return from_errno[i].err;
    return WH_E_CONNECTION_LOST;
}
