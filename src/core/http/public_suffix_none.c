/* public_suffix_none.c - see public_suffix.h: built without the list. */
#include "core/http/public_suffix.h"

#include <string.h>

bool wh_is_public_suffix(struct wh_str domain)
{
    return domain.len == 0 || domain.len > 255 || !memchr(domain.data, '.', domain.len);
}

bool wh_public_suffixes_known(void)
{
    return false;
}
