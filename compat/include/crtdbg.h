/* crtdbg.h - Microsoft's debug heap and assertions, as far as they exist here.
 *
 * There is no debug heap: as in a Windows release build (no _DEBUG), its functions are macros
 * that evaluate to a constant. _ASSERT and _ASSERTE follow _DEBUG as they do on Windows, and
 * stop the program through assert's machinery when they fail.
 */
#ifndef _INC_CRTDBG
#define _INC_CRTDBG

#include <stdio.h>
#include <stdlib.h>
#include <winposix/crt_types.h>

#define _CRT_WARN                 0
#define _CRT_ERROR                1
#define _CRT_ASSERT               2
#define _CRTDBG_MODE_FILE         0x1
#define _CRTDBG_MODE_DEBUG        0x2
#define _CRTDBG_MODE_WNDW         0x4
#define _CRTDBG_REPORT_MODE       (-1)
#define _CRTDBG_ALLOC_MEM_DF      0x01
#define _CRTDBG_DELAY_FREE_MEM_DF 0x02
#define _CRTDBG_CHECK_ALWAYS_DF   0x04
#define _CRTDBG_CHECK_CRT_DF      0x10
#define _CRTDBG_LEAK_CHECK_DF     0x20
#define _CRTDBG_REPORT_FLAG       (-1)

#define _CrtSetDbgFlag(flag)          ((int)0)
#define _CrtSetReportMode(type, mode) ((int)0)
#define _CrtSetReportFile(type, file) ((void *)0)
#define _CrtSetBreakAlloc(number)     (0)
#define _CrtDumpMemoryLeaks()         ((int)0)
#define _CrtCheckMemory()             ((int)1)

#ifdef _DEBUG
WINPOSIX_C_BEGIN
/* Print where and what, then abort(). */
WINPOSIX_EXPORT void winposix_assert_failed(const char *what, const char *file, int line)
    __attribute__((__noreturn__));
WINPOSIX_C_END
#define _ASSERTE(claim)                                                                            \
    ((void)((!!(claim)) || (winposix_assert_failed(#claim, __FILE__, __LINE__), 0)))
#define _ASSERT(claim) _ASSERTE(claim)
#else
#define _ASSERTE(claim) ((void)0)
#define _ASSERT(claim)  ((void)0)
#endif
#ifndef _ASSERT_EXPR
#define _ASSERT_EXPR(claim, message) _ASSERTE(claim)
#endif

#endif
