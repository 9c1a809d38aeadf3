/* crt_types.h - the small types and constants that Microsoft's C library headers share. */
#ifndef WINPOSIX_CRT_TYPES_H
#define WINPOSIX_CRT_TYPES_H

#include <errno.h>
#include <stddef.h>
#include <winposix/api.h>

#ifndef _ERRCODE_DEFINED
#define _ERRCODE_DEFINED
typedef int errno_t;
#endif
#ifndef _DEV_T_DEFINED
#define _DEV_T_DEFINED
typedef unsigned int _dev_t;
#endif
#ifndef _INO_T_DEFINED
#define _INO_T_DEFINED
typedef unsigned short _ino_t;
#endif
#ifndef _RSIZE_T_DEFINED
#define _RSIZE_T_DEFINED
typedef size_t rsize_t;
#endif

#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif
/* "The string did not fit and was cut": what the *ncpy_s family answers to _TRUNCATE. */
#ifndef STRUNCATE
#define STRUNCATE 80
#endif
#ifndef RSIZE_MAX
#define RSIZE_MAX ((size_t)-1 >> 1)
#endif

#ifdef __cplusplus
extern "C++" template <typename Element, size_t Count>
char (*winposix_countof(Element (&array)[Count]))[Count];
#ifndef _countof
#define _countof(array) (sizeof(*winposix_countof(array)) + 0)
#endif
#else
#ifndef _countof
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif
#endif

#ifndef __max
#define __max(a, b) (((a) > (b)) ? (a) : (b))
#define __min(a, b) (((a) < (b)) ? (a) : (b))
#endif

#ifndef _MAX_PATH
#define _MAX_PATH  260
#define _MAX_DRIVE 3
#define _MAX_DIR   256
#define _MAX_FNAME 256
#define _MAX_EXT   256
#endif

#endif
