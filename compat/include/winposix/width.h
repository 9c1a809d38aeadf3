/* width.h - which set of wide entry points this translation unit uses.
 *
 * WCHAR is the platform's own wchar_t, so that L"" and std::wstring fit. Code compiled with
 * -fshort-wchar has 2-byte, UTF-16 WCHARs; the same declarations then name the library's second
 * set of functions through an assembler label, and nothing else changes.
 *
 *      WINBASEAPI HANDLE WINAPI CreateFileW(LPCWSTR name, ...) WINPOSIX_WIDE(CreateFileW);
 *
 *      wchar_t of 4 bytes  ->  symbol CreateFileW
 *      wchar_t of 2 bytes  ->  symbol CreateFileW_utf16
 */
#ifndef WINPOSIX_WIDTH_H
#define WINPOSIX_WIDTH_H

#define WINPOSIX_STRING_(x)  #x
#define WINPOSIX_STRING(x)   WINPOSIX_STRING_(x)
#define WINPOSIX_GLUE_(a, b) a##b
#define WINPOSIX_GLUE(a, b)  WINPOSIX_GLUE_(a, b)

#if __SIZEOF_WCHAR_T__ == 2
#define WINPOSIX_WCHAR_BYTES 2
/* __USER_LABEL_PREFIX__ is empty on ELF and an underscore in Mach-O. */
#define WINPOSIX_WIDE(name) __asm__(WINPOSIX_STRING(__USER_LABEL_PREFIX__) #name "_utf16")
/* For functions of our own that cross files and differ by width. */
#define WINPOSIX_WIDTH_NAME(name) name##_w16
#else
#define WINPOSIX_WCHAR_BYTES 4
#define WINPOSIX_WIDE(name)
#define WINPOSIX_WIDTH_NAME(name) name##_w32
#endif

#endif
