/* tchar.h - names that mean the wide function under _UNICODE (or UNICODE) and the narrow one without.
 *
 * _tmain is wmain or main. See docs/porting.md, "Start-up", for what calls wmain.
 */
#ifndef _INC_TCHAR
#define _INC_TCHAR

#include <ctype.h>
#include <time.h>
#include <wctype.h>
#include <winposix/crt.h>
#include <io.h>
#include <direct.h>
#include <conio.h>

#if defined(UNICODE) && !defined(_UNICODE)
#define _UNICODE
#endif

#ifdef _UNICODE

#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef wchar_t TCHAR;
typedef wchar_t *PTCHAR;
typedef wchar_t TBYTE;
#endif
typedef wchar_t _TCHAR;
typedef wchar_t _TSCHAR;
typedef wchar_t _TUCHAR;
typedef wchar_t _TXCHAR;
typedef wint_t _TINT;
#define __T(text) L##text

#define _tmain        wmain
#define _tWinMain     wWinMain
#define _tprintf      wprintf
#define _tprintf_s    wprintf_s
#define _ftprintf     fwprintf
#define _ftprintf_s   fwprintf_s
#define _stprintf_s   swprintf_s
#define _sntprintf    _snwprintf
#define _sntprintf_s  _snwprintf_s
#define _vtprintf     vwprintf
#define _vftprintf    vfwprintf
#define _vstprintf_s  vswprintf_s
#define _vsntprintf   _vsnwprintf
#define _vsntprintf_s _vsnwprintf_s
#define _sctprintf    _scwprintf
#define _vsctprintf   _vscwprintf
#define _tcprintf     _cwprintf
#define _stscanf_s    swscanf_s
#define _fgetts       fgetws
#define _fputts       fputws
#define _fputtc       fputwc
#define _puttc        putwc
#define _puttchar     putwchar
#define _putts        _putws
#define _cputts       _cputws
#define _gettch       _getwch
#define _puttch       _putwch
#define _tfopen       _wfopen
#define _tfopen_s     _wfopen_s
#define _tremove      _wremove
#define _trename      _wrename
#define _tunlink      _wunlink
#define _taccess      _waccess
#define _tmkdir       _wmkdir
#define _trmdir       _wrmdir
#define _tchdir       _wchdir
#define _tgetcwd      _wgetcwd
#define _tcslen       wcslen
#define _tcsnlen      wcsnlen
#define _tcscpy       wcscpy
#define _tcscpy_s     wcscpy_s
#define _tcsncpy      wcsncpy
#define _tcsncpy_s    wcsncpy_s
#define _tcscat       wcscat
#define _tcscat_s     wcscat_s
#define _tcsncat      wcsncat
#define _tcsncat_s    wcsncat_s
#define _tcscmp       wcscmp
#define _tcsncmp      wcsncmp
#define _tcsicmp      _wcsicmp
#define _tcsnicmp     _wcsnicmp
#define _tcscoll      wcscoll
#define _tcschr       wcschr
#define _tcsrchr      wcsrchr
#define _tcsstr       wcsstr
#define _tcspbrk      wcspbrk
#define _tcsspn       wcsspn
#define _tcscspn      wcscspn
#define _tcstok_s     wcstok_s
#define _tcsdup       _wcsdup
#define _tcslwr       _wcslwr
#define _tcsupr       _wcsupr
#define _tcslwr_s     _wcslwr_s
#define _tcsupr_s     _wcsupr_s
#define _tcsrev       _wcsrev
#define _tcstol       wcstol
#define _tcstoul      wcstoul
#define _tcstod       wcstod
#define _tcstoi64     _wcstoi64
#define _tcstoui64    _wcstoui64
#define _ttoi         _wtoi
#define _ttol         _wtol
#define _ttoi64       _wtoi64
#define _tstoi        _wtoi
#define _tstol        _wtol
#define _tstof        _wtof
#define _ttof         _wtof
#define _itot         _itow
#define _itot_s       _itow_s
#define _ltot         _ltow
#define _ltot_s       _ltow_s
#define _ultot        _ultow
#define _ultot_s      _ultow_s
#define _i64tot       _i64tow
#define _i64tot_s     _i64tow_s
#define _ui64tot      _ui64tow
#define _ui64tot_s    _ui64tow_s
#define _tgetenv      _wgetenv
#define _tgetenv_s    _wgetenv_s
#define _tdupenv_s    _wdupenv_s
#define _tputenv_s    _wputenv_s
#define _istalpha     iswalpha
#define _istalnum     iswalnum
#define _istdigit     iswdigit
#define _istxdigit    iswxdigit
#define _istspace     iswspace
#define _istupper     iswupper
#define _istlower     iswlower
#define _istpunct     iswpunct
#define _istprint     iswprint
#define _istcntrl     iswcntrl
#define _istgraph     iswgraph
#define _totupper     towupper
#define _totlower     towlower

#else

#ifndef _TCHAR_DEFINED
#define _TCHAR_DEFINED
typedef char TCHAR;
typedef char *PTCHAR;
typedef unsigned char TBYTE;
#endif
typedef char _TCHAR;
typedef signed char _TSCHAR;
typedef unsigned char _TUCHAR;
typedef char _TXCHAR;
typedef int _TINT;
#define __T(text) text

#define _tmain        main
#define _tWinMain     WinMain
#define _tprintf      printf
#define _tprintf_s    printf_s
#define _ftprintf     fprintf
#define _ftprintf_s   fprintf_s
#define _stprintf_s   sprintf_s
#define _sntprintf    _snprintf
#define _sntprintf_s  _snprintf_s
#define _vtprintf     vprintf
#define _vftprintf    vfprintf
#define _vstprintf_s  vsprintf_s
#define _vsntprintf   _vsnprintf
#define _vsntprintf_s _vsnprintf_s
#define _sctprintf    _scprintf
#define _vsctprintf   _vscprintf
#define _tcprintf     _cprintf
#define _stscanf_s    sscanf_s
#define _fgetts       fgets
#define _fputts       fputs
#define _fputtc       fputc
#define _puttc        putc
#define _puttchar     putchar
#define _putts        puts
#define _cputts       _cputs
#define _gettch       _getch
#define _puttch       _putch
#define _tfopen       fopen
#define _tfopen_s     fopen_s
#define _tremove      remove
#define _trename      rename
#define _tunlink      _unlink
#define _taccess      _access
#define _tmkdir       _mkdir
#define _trmdir       _rmdir
#define _tchdir       _chdir
#define _tgetcwd      _getcwd
#define _tcslen       strlen
#define _tcsnlen      strnlen
#define _tcscpy       strcpy
#define _tcscpy_s     strcpy_s
#define _tcsncpy      strncpy
#define _tcsncpy_s    strncpy_s
#define _tcscat       strcat
#define _tcscat_s     strcat_s
#define _tcsncat      strncat
#define _tcsncat_s    strncat_s
#define _tcscmp       strcmp
#define _tcsncmp      strncmp
#define _tcsicmp      _stricmp
#define _tcsnicmp     _strnicmp
#define _tcscoll      strcoll
#define _tcschr       strchr
#define _tcsrchr      strrchr
#define _tcsstr       strstr
#define _tcspbrk      strpbrk
#define _tcsspn       strspn
#define _tcscspn      strcspn
#define _tcstok_s     strtok_s
#define _tcsdup       _strdup
#define _tcslwr       _strlwr
#define _tcsupr       _strupr
#define _tcslwr_s     _strlwr_s
#define _tcsupr_s     _strupr_s
#define _tcsrev       _strrev
#define _tcstol       strtol
#define _tcstoul      strtoul
#define _tcstod       strtod
#define _tcstoi64     _strtoi64
#define _tcstoui64    _strtoui64
#define _ttoi         atoi
#define _ttol         atol
#define _ttoi64       _atoi64
#define _tstoi        atoi
#define _tstol        atol
#define _tstof        atof
#define _ttof         atof
#define _itot         _itoa
#define _itot_s       _itoa_s
#define _ltot         _ltoa
#define _ltot_s       _ltoa_s
#define _ultot        _ultoa
#define _ultot_s      _ultoa_s
#define _i64tot       _i64toa
#define _i64tot_s     _i64toa_s
#define _ui64tot      _ui64toa
#define _ui64tot_s    _ui64toa_s
#define _tgetenv      getenv
#define _tgetenv_s    getenv_s
#define _tdupenv_s    _dupenv_s
#define _tputenv_s    _putenv_s
#define _istalpha     isalpha
#define _istalnum     isalnum
#define _istdigit     isdigit
#define _istxdigit    isxdigit
#define _istspace     isspace
#define _istupper     isupper
#define _istlower     islower
#define _istpunct     ispunct
#define _istprint     isprint
#define _istcntrl     iscntrl
#define _istgraph     isgraph
#define _totupper     toupper
#define _totlower     tolower

#endif

#define _T(text)    __T(text)
#define _TEXT(text) __T(text)

#define _TEOF WINPOSIX_TEOF_
#ifdef _UNICODE
#define WINPOSIX_TEOF_ WEOF
#else
#define WINPOSIX_TEOF_ EOF
#endif

/* A step to the next or previous element; TCHARs are not multi-byte sequences here. */
#define _tcsinc(text)        ((text) + 1)
#define _tcsdec(start, text) ((text) > (start) ? (text)-1 : 0)
#define _tcsnextc(text)      ((unsigned)*(text))
#define _tcsclen(text)       _tcslen(text)

#endif
