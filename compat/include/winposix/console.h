/* console.h - the standard handles and the little of a console that a terminal has. */
#ifndef WINPOSIX_CONSOLE_H
#define WINPOSIX_CONSOLE_H

#include <minwindef.h>
#include <winnt.h>

#define STD_INPUT_HANDLE  ((DWORD)-10)
#define STD_OUTPUT_HANDLE ((DWORD)-11)
#define STD_ERROR_HANDLE  ((DWORD)-12)

#define ENABLE_PROCESSED_INPUT             0x0001
#define ENABLE_LINE_INPUT                  0x0002
#define ENABLE_ECHO_INPUT                  0x0004
#define ENABLE_VIRTUAL_TERMINAL_INPUT      0x0200
#define ENABLE_PROCESSED_OUTPUT            0x0001
#define ENABLE_WRAP_AT_EOL_OUTPUT          0x0002
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#define DISABLE_NEWLINE_AUTO_RETURN        0x0008

WINPOSIX_C_BEGIN

/* The same handle every time. Closing it closes the handle, not the descriptor.
 * ERROR_INVALID_HANDLE for another number. */
WINBASEAPI HANDLE WINAPI GetStdHandle(DWORD nStdHandle);

/* ERROR_INVALID_HANDLE unless the handle is a terminal. */
WINBASEAPI BOOL WINAPI GetConsoleMode(HANDLE hConsoleHandle, LPDWORD lpMode);
/* Input: echo, line mode and Ctrl+C handling are the terminal's own settings. Output: a terminal
 * always processes escape sequences, wraps, and takes UTF-8; a mode without
 * ENABLE_PROCESSED_OUTPUT or with unknown bits fails with ERROR_INVALID_PARAMETER. */
WINBASEAPI BOOL WINAPI SetConsoleMode(HANDLE hConsoleHandle, DWORD dwMode);
WINBASEAPI UINT WINAPI GetConsoleCP(void);
WINBASEAPI UINT WINAPI GetConsoleOutputCP(void);
/* 65001, which it is already; others fail with ERROR_INVALID_PARAMETER. */
WINBASEAPI BOOL WINAPI SetConsoleCP(UINT wCodePageID);
WINBASEAPI BOOL WINAPI SetConsoleOutputCP(UINT wCodePageID);
/* ERROR_INVALID_HANDLE unless the handle is a terminal, as on Windows. */
WINBASEAPI BOOL WINAPI WriteConsoleA(HANDLE hConsoleOutput, const VOID *lpBuffer,
                                     DWORD nNumberOfCharsToWrite, LPDWORD lpNumberOfCharsWritten,
                                     LPVOID lpReserved);
WINBASEAPI BOOL WINAPI WriteConsoleW(HANDLE hConsoleOutput, const VOID *lpBuffer,
                                     DWORD nNumberOfCharsToWrite, LPDWORD lpNumberOfCharsWritten,
                                     LPVOID lpReserved) WINPOSIX_WIDE(WriteConsoleW);

WINPOSIX_C_END

#ifdef UNICODE
#define WriteConsole WriteConsoleW
#else
#define WriteConsole WriteConsoleA
#endif

#endif
