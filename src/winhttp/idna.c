/* idna.c - hosts in ASCII; see idna.h. The mapping itself is libidn2's. */
#include "winhttp/idna.h"

#include "core/base/alloc.h"
#include "core/base/text.h"
#include "core/http/url.h"

#include <idn2.h>
#include <string.h>

/* RFC 9110, section 4.2.3: a host is case-insensitive; one spelling makes one pool key. */
static char *lower_copy(const char *text, size_t len)
{
    char *copy = wh_strndup(text, len);

    for (size_t i = 0; copy && i < len; i++)
        copy[i] = wh_ascii_lower(copy[i]);
    return copy;
}

static enum wh_err map_name(const char *name, char **out)
{
    char *mapped = NULL;
    int result = idn2_to_ascii_8z(name, &mapped, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);

    if (result == IDN2_MALLOC)
        return WH_E_NO_MEMORY;
    if (result != IDN2_OK)
        return WH_E_URL_SYNTAX;
    *out = lower_copy(mapped, strlen(mapped));
    idn2_free(mapped);
    return *out ? WH_OK : WH_E_NO_MEMORY;
}

enum wh_err wh_idna_host(const char *host, size_t len, char **out)
{
    enum wh_host_kind kind = wh_host_kind(host, len);
    char *copy;
    enum wh_err err;

    if (kind == WH_HOST_BAD)
        return WH_E_URL_SYNTAX;
    if (kind == WH_HOST_IPV6 && host[0] == '[') {
        host++;
        len -= 2;
    }
    copy = lower_copy(host, len);
    if (!copy)
        return WH_E_NO_MEMORY;
    if (wh_text_is_ascii(copy, len)) {
        *out = copy;
        return WH_OK;
    }
    err = map_name(copy, out);
    wh_free(copy);
    if (!err && wh_host_kind(*out, strlen(*out)) != WH_HOST_NAME) {
        wh_free(*out); /* a mapping must not smuggle delimiters in */
        *out = NULL;
        err = WH_E_URL_SYNTAX;
    }
    return err;
}
