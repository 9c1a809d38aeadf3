/* idna.h - a host as the application wrote it -> as DNS, Host and certificates want it. */
#ifndef WH_WINHTTP_IDNA_H
#define WH_WINHTTP_IDNA_H

#include "core/base/error.h"

#include <stddef.h>

/* ASCII, lower case; international names in their A-label form (RFC 5891, as UTS 46 maps them);
 * addresses without brackets. The caller ends *out with wh_free().
 * WH_E_URL_SYNTAX: no host that could be; WH_E_NO_MEMORY. */
enum wh_err wh_idna_host(const char *host, size_t len, char **out);

#endif
