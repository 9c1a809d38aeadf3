/* console.c - standard handles and the settings of a terminal. */
#define _GNU_SOURCE
#include <errhandlingapi.h>
#include <handleapi.h>
#include <winerror.h>
#include <winnls.h>
#include <winposix/console.h>

#include "file.h"

#include <errno.h>
#include <pthread.h>
#include <termios.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static HANDLE standard[3]; /* guarded by lock; made on first use */

HANDLE WINAPI GetStdHandle(DWORD nStdHandle)
{
    int descriptor = nStdHandle == STD_INPUT_HANDLE    ? STDIN_FILENO
                     : nStdHandle == STD_OUTPUT_HANDLE ? STDOUT_FILENO
                     : nStdHandle == STD_ERROR_HANDLE  ? STDERR_FILENO
                                                       : -1;
    HANDLE handle;

    if (descriptor < 0) {
        win_fail(ERROR_INVALID_HANDLE);
        return INVALID_HANDLE_VALUE;
    }
    pthread_mutex_lock(&lock);
    if (!standard[descriptor]) {
        handle = win_file_wrap(descriptor, false);
        standard[descriptor] = handle == INVALID_HANDLE_VALUE ? NULL : handle;
    } else {
        handle = standard[descriptor];
    }
    pthread_mutex_unlock(&lock);
    return handle;
}

/* The terminal behind a handle, pinned; NULL with ERROR_INVALID_HANDLE. */
static struct win_file *terminal_use(HANDLE handle, int *descriptor)
{
    struct win_file *file = win_file_use(handle, descriptor);

    if (file && !isatty(*descriptor)) {
        win_file_done(file);
        win_fail(ERROR_INVALID_HANDLE);
        return NULL;
    }
    return file;
}

/* Both directions of a terminal are one device: standard input is the one that is asked for input
 * modes, every other handle for output modes. */
static bool is_input(HANDLE handle)
{
    return handle == GetStdHandle(STD_INPUT_HANDLE);
}

BOOL WINAPI GetConsoleMode(HANDLE hConsoleHandle, LPDWORD lpMode)
{
    int descriptor;
    struct win_file *file = lpMode ? terminal_use(hConsoleHandle, &descriptor) : NULL;
    struct termios now;
    bool known = file && tcgetattr(descriptor, &now) == 0;

    if (!lpMode)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (file && !known)
        win_fail_errno(errno);
    if (known && is_input(hConsoleHandle))
        *lpMode = (now.c_lflag & ISIG ? ENABLE_PROCESSED_INPUT : 0) |
                  (now.c_lflag & ICANON ? ENABLE_LINE_INPUT : 0) |
                  (now.c_lflag & ECHO ? ENABLE_ECHO_INPUT : 0);
    else if (known)
        *lpMode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT |
                  ENABLE_VIRTUAL_TERMINAL_PROCESSING;
    win_file_done(file);
    return known;
}

static bool set_input_mode(int descriptor, DWORD mode)
{
    const DWORD known = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT |
                        ENABLE_VIRTUAL_TERMINAL_INPUT;
    struct termios now;

    if (mode & ~known)
        return win_fail(ERROR_INVALID_PARAMETER);
    if (tcgetattr(descriptor, &now) != 0)
        return win_fail_errno(errno);
    now.c_lflag &= ~(tcflag_t)(ISIG | ICANON | ECHO);
    now.c_lflag |= mode & ENABLE_PROCESSED_INPUT ? ISIG : 0;
    now.c_lflag |= mode & ENABLE_LINE_INPUT ? ICANON : 0;
    now.c_lflag |= mode & ENABLE_ECHO_INPUT ? ECHO : 0;
    return tcsetattr(descriptor, TCSANOW, &now) == 0 || win_fail_errno(errno);
}

static bool check_output_mode(DWORD mode)
{
    const DWORD always =
        ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;

    return ((mode & ENABLE_PROCESSED_OUTPUT) && !(mode & ~always)) ||
           win_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetConsoleMode(HANDLE hConsoleHandle, DWORD dwMode)
{
    int descriptor;
    struct win_file *file = terminal_use(hConsoleHandle, &descriptor);
    bool done = file && (is_input(hConsoleHandle) ? set_input_mode(descriptor, dwMode)
                                                  : check_output_mode(dwMode));

    win_file_done(file);
    return done;
}

UINT WINAPI GetConsoleCP(void)
{
    return CP_UTF8;
}

UINT WINAPI GetConsoleOutputCP(void)
{
    return CP_UTF8;
}

BOOL WINAPI SetConsoleCP(UINT wCodePageID)
{
    return wCodePageID == CP_UTF8 || win_fail(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetConsoleOutputCP(UINT wCodePageID)
{
    return SetConsoleCP(wCodePageID);
}

BOOL WINAPI WriteConsoleA(HANDLE hConsoleOutput, const VOID *lpBuffer, DWORD nNumberOfCharsToWrite,
                          LPDWORD lpNumberOfCharsWritten, LPVOID lpReserved)
{
    int descriptor;
    struct win_file *file = terminal_use(hConsoleOutput, &descriptor);
    DWORD written = 0;
    BOOL done;

    (void)lpReserved;
    if (!file)
        return FALSE;
    done = WriteFile(hConsoleOutput, lpBuffer, nNumberOfCharsToWrite, &written, NULL);
    win_file_done(file);
    if (lpNumberOfCharsWritten)
        *lpNumberOfCharsWritten = written;
    return done;
}
