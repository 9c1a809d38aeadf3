/* public_suffix.h - names under which strangers have their sites: "com", "co.uk", "github.io".
 *
 * A cookie for one of them would be sent to all of these strangers. Two twins, picked by CMake:
 * public_suffix_psl.c knows the list (libpsl), public_suffix_none.c knows only that a name without a
 * dot is one. Any thread.
 */
#ifndef WH_CORE_HTTP_PUBLIC_SUFFIX_H
#define WH_CORE_HTTP_PUBLIC_SUFFIX_H

#include "core/base/text.h"

/* Is this domain (lower case, A-labels, at most 255 bytes; longer ones are) a public suffix? */
bool wh_is_public_suffix(struct wh_str domain);

/* Does this build know the list? */
bool wh_public_suffixes_known(void);

#endif
