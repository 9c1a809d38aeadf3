/* io.h - low-level files by descriptor, under Microsoft's names. */
#ifndef _INC_IO
#define _INC_IO

#include <stdint.h>
#include <unistd.h>
#include <winposix/crt.h>

#ifndef _O_TEXT
#define _O_TEXT    0x4000
#define _O_BINARY  0x8000
#define _O_WTEXT   0x10000
#define _O_U16TEXT 0x20000
#define _O_U8TEXT  0x40000
#endif

WINPOSIX_C_BEGIN

/* Text and binary are the same here: _O_TEXT, _O_BINARY, and _O_U8TEXT, which is what every stream
 * is, are accepted and the previous mode is returned. _O_U16TEXT and _O_WTEXT fail with EINVAL. */
WINPOSIX_EXPORT int _setmode(int descriptor, int mode);
WINPOSIX_EXPORT int _isatty(int descriptor);
/* mode: 0 existence, 2 writing, 4 reading, 6 both */
WINPOSIX_EXPORT int _access(const char *name, int mode);
WINPOSIX_EXPORT errno_t _access_s(const char *name, int mode);
WINPOSIX_EXPORT int _waccess(const wchar_t *name, int mode) WINPOSIX_WIDE(_waccess);
WINPOSIX_EXPORT int _unlink(const char *name);
WINPOSIX_EXPORT int _wunlink(const wchar_t *name) WINPOSIX_WIDE(_wunlink);
WINPOSIX_EXPORT int _close(int descriptor);
WINPOSIX_EXPORT int _read(int descriptor, void *buffer, unsigned count);
WINPOSIX_EXPORT int _write(int descriptor, const void *buffer, unsigned count);
WINPOSIX_EXPORT long long _lseeki64(int descriptor, long long offset, int origin);
WINPOSIX_EXPORT long long _filelengthi64(int descriptor);
/* The file's HANDLE as an integer, and -1 for a bad descriptor. Closing it leaves the file open. */
WINPOSIX_EXPORT intptr_t _get_osfhandle(int descriptor);

WINPOSIX_C_END

#endif
