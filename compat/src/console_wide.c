/* console_wide.c - WriteConsoleW; compiled once per width. */
#define WINPOSIX_IMPLEMENTATION
#include <errhandlingapi.h>
#include <winerror.h>
#include <winposix/console.h>

#include "utf.h"

#include <stdlib.h>
#include <string.h>

BOOL WINAPI WriteConsoleW(HANDLE hConsoleOutput, const VOID *lpBuffer, DWORD nNumberOfCharsToWrite,
                          LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved)
{
    char *text = win_utf8_from_wide(lpBuffer, nNumberOfCharsToWrite, sizeof(WCHAR), false);
    DWORD written;
    BOOL done = FALSE;

    if (!text)
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    else
        done = WriteConsoleA(hConsoleOutput, text, (DWORD)strlen(text), &written, lpReserved);
    free(text);
    if (lpNumberOfCharsWritten)
        *lpNumberOfCharsWritten = done ? nNumberOfCharsToWrite : 0;
    return done;
}
