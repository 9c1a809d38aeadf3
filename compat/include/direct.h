/* direct.h - directories, under Microsoft's names. Wide paths become UTF-8. */
#ifndef _INC_DIRECT
#define _INC_DIRECT

#include <winposix/crt.h>

WINPOSIX_C_BEGIN

WINPOSIX_EXPORT int _mkdir(const char *path);
WINPOSIX_EXPORT int _rmdir(const char *path);
WINPOSIX_EXPORT int _chdir(const char *path);
/* buffer may be NULL: the result is then the caller's to free. */
WINPOSIX_EXPORT char *_getcwd(char *buffer, int size);
/* There are no drives: 0, Microsoft's "cannot tell". */
WINPOSIX_EXPORT int _getdrive(void);
WINPOSIX_EXPORT int _wmkdir(const wchar_t *path) WINPOSIX_WIDE(_wmkdir);
WINPOSIX_EXPORT int _wrmdir(const wchar_t *path) WINPOSIX_WIDE(_wrmdir);
WINPOSIX_EXPORT int _wchdir(const wchar_t *path) WINPOSIX_WIDE(_wchdir);
WINPOSIX_EXPORT wchar_t *_wgetcwd(wchar_t *buffer, int size) WINPOSIX_WIDE(_wgetcwd);

WINPOSIX_C_END

#endif
