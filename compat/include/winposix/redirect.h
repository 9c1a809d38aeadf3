/* redirect.h - make this translation unit's calls to a C library function reach one of ours.
 *
 * Only code that includes our headers is affected; nothing is interposed for libraries behind it.
 * The name itself stays what it was, so std::printf, &printf and members called printf work:
 *
 *   gcc    redeclares the function with an assembler label;
 *   clang  refuses a label after the first use (libstdc++'s <string> uses vsnprintf in an inline
 *          function), but honours #pragma redefine_extname there, if std:: has no such name yet;
 *   glibc's _FORTIFY_SOURCE replaces some of the functions by inline ones that neither can reach.
 *
 * Where a label does not do, function-like macros do, and std:: gets the names they expand to.
 *
 * The symbol of NAME is winposix_NAME, with _utf16 behind it where wchar_t has two bytes.
 */
#ifndef WINPOSIX_REDIRECT_H
#define WINPOSIX_REDIRECT_H

#include <stddef.h>
#include <winposix/api.h>

#if WINPOSIX_WCHAR_BYTES == 2
#define WINPOSIX_TARGET_(name) winposix_##name##_utf16
#else
#define WINPOSIX_TARGET_(name) winposix_##name
#endif

#if defined(__clang__)
#ifdef __APPLE__
#define WINPOSIX_SYMBOL_(name) WINPOSIX_GLUE(_, WINPOSIX_TARGET_(name))
#else
#define WINPOSIX_SYMBOL_(name) WINPOSIX_TARGET_(name)
#endif
#define WINPOSIX_PRAGMA_(text) _Pragma(#text)
#define WINPOSIX_PRAGMA(text)  WINPOSIX_PRAGMA_(text)
#define WINPOSIX_REDIRECT(type, name, parameters)                                                  \
    WINPOSIX_PRAGMA(redefine_extname name WINPOSIX_SYMBOL_(name))
#else
#define WINPOSIX_REDIRECT(type, name, parameters)                                                  \
    extern type name parameters __asm__(WINPOSIX_STRING(__USER_LABEL_PREFIX__)                     \
                                            WINPOSIX_STRING(WINPOSIX_TARGET_(name)));
#endif

/* Declare our own function under its own name, for the macros. */
#define WINPOSIX_OURS(type, name, parameters)                                                      \
    WINPOSIX_EXPORT type winposix_##name parameters WINPOSIX_WIDE(winposix_##name);

/* Give std:: the name that a macro makes of one of its functions. */
#define WINPOSIX_USING(type, name, parameters) using ::winposix_##name;

/* Ubuntu's compilers fortify by default; level 0 and -O0 leave the functions alone. */
#if defined(__USE_FORTIFY_LEVEL) && __USE_FORTIFY_LEVEL > 0
#define WINPOSIX_IS_FORTIFIED 1
#else
#define WINPOSIX_IS_FORTIFIED 0
#endif

/* With -g, clang settles a function's symbol where `using ::printf;` stands: in <cstdio> and
 * <cwchar>. Where the program had these before us, the label comes too late. */
#if defined(__clang__) && defined(__cplusplus) &&                                                  \
    (defined(_GLIBCXX_CSTDIO) || defined(_GLIBCXX_CWCHAR) || defined(_LIBCPP_CSTDIO) ||            \
     defined(_LIBCPP_CWCHAR))
#define WINPOSIX_IS_LATE 1
#else
#define WINPOSIX_IS_LATE 0
#endif

#endif
