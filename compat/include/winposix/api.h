/* api.h - how the functions of wincompat are exported and called.
 *
 * On Linux and macOS there is one calling convention, so the Windows words for it vanish. What is
 * exported is visible; the libraries are built with everything else hidden.
 */
#ifndef WINPOSIX_API_H
#define WINPOSIX_API_H

#include <winposix/width.h>

#define WINPOSIX_EXPORT __attribute__((__visibility__("default")))

#ifndef WINBASEAPI
#define WINBASEAPI WINPOSIX_EXPORT
#endif

#ifdef __cplusplus
#define WINPOSIX_C_BEGIN extern "C" {
#define WINPOSIX_C_END   }
#else
#define WINPOSIX_C_BEGIN
#define WINPOSIX_C_END
#endif

#endif
