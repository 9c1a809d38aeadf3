/* public_suffix_psl.c - see public_suffix.h: the list that is built into libpsl. */
#include "core/http/public_suffix.h"

#include <libpsl.h>
#include <string.h>

bool wh_is_public_suffix(struct wh_str domain)
{
    const psl_ctx_t *list = psl_builtin();
    char name[256];

    if (domain.len == 0 || domain.len >= sizeof(name) || !memchr(domain.data, '.', domain.len))
        return true;
    memcpy(name, domain.data, domain.len);
    name[domain.len] = '\0';
    return list && psl_is_public_suffix(list, name);
}

bool wh_public_suffixes_known(void)
{
    return psl_builtin() != NULL; /* a libpsl may be built without one */
}
