/* conio_keys.c - single keys from the terminal, without echo and without waiting for Enter.
 *
 * The terminal is switched only for the length of one read and always switched back. Where there
 * is no terminal, keys are the bytes of standard input. One lock orders all readers of keys.
 */
#define _GNU_SOURCE
#define WINPOSIX_IMPLEMENTATION
#define WINPOSIX_NO_CRT_STDIO
#include <conio.h>

#include "conio_keys.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <termios.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int pushed_back = EOF;

/* The terminal, opened for this use, or standard input; close_keyboard() ends the use. */
static int open_keyboard(void)
{
    if (isatty(STDIN_FILENO))
        return STDIN_FILENO;
    /* Standard input from a file or a pipe is what a script feeds the program. */
    if (fcntl(STDIN_FILENO, F_GETFD) >= 0)
        return STDIN_FILENO;
    return open("/dev/tty", O_RDONLY | O_CLOEXEC);
}

static void close_keyboard(int keyboard)
{
    if (keyboard != STDIN_FILENO && keyboard >= 0)
        close(keyboard);
}

static bool make_raw(int keyboard, struct termios *before)
{
    struct termios raw;

    if (tcgetattr(keyboard, before) != 0)
        return false;
    raw = *before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(keyboard, TCSANOW, &raw) == 0;
}

static int read_key(void)
{
    struct termios before;
    unsigned char key;
    ssize_t got;
    int keyboard = open_keyboard();
    bool raw = make_raw(keyboard, &before);

    do {
        got = read(keyboard, &key, 1);
    } while (got < 0 && errno == EINTR);
    if (raw)
        tcsetattr(keyboard, TCSANOW, &before);
    close_keyboard(keyboard);
    return got == 1 ? key : EOF;
}

int win_key_get(void)
{
    int key;

    fflush(stdout);
    pthread_mutex_lock(&lock);
    key = pushed_back;
    pushed_back = EOF;
    if (key == EOF)
        key = read_key();
    pthread_mutex_unlock(&lock);
    return key;
}

int _getch(void)
{
    return win_key_get();
}

int _getche(void)
{
    int key = win_key_get();

    return key == EOF ? EOF : _putch(key);
}

int _ungetch(int key)
{
    int result = EOF;

    pthread_mutex_lock(&lock);
    if (pushed_back == EOF && key != EOF)
        result = pushed_back = (unsigned char)key;
    pthread_mutex_unlock(&lock);
    return result;
}

int _kbhit(void)
{
    struct termios before;
    int ready = 1;

    pthread_mutex_lock(&lock);
    if (pushed_back == EOF) {
        int keyboard = open_keyboard();
        bool raw = make_raw(keyboard, &before);
        struct pollfd waiting = {keyboard, POLLIN, 0};

        ready = poll(&waiting, 1, 0) == 1;
        if (raw)
            tcsetattr(keyboard, TCSANOW, &before);
        close_keyboard(keyboard);
    }
    pthread_mutex_unlock(&lock);
    return ready;
}

int _putch(int c)
{
    return putchar(c) == EOF || fflush(stdout) == EOF ? EOF : c;
}

int _cputs(const char *text)
{
    if (!text) {
        errno = EINVAL;
        return -1;
    }
    return fputs(text, stdout) == EOF || fflush(stdout) == EOF ? -1 : 0;
}
