/* winsock.c - what Windows Sockets has beside the system's sockets: a start, an end, an error. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <winsock2.h>

static int started;

static const struct {
    int system;
    int windows;
} codes[] = {
    {EINTR, WSAEINTR},
    {EBADF, WSAEBADF},
    {EACCES, WSAEACCES},
    {EPERM, WSAEACCES},
    {EFAULT, WSAEFAULT},
    {EINVAL, WSAEINVAL},
    {EMFILE, WSAEMFILE},
    {EAGAIN, WSAEWOULDBLOCK},
    {EINPROGRESS, WSAEWOULDBLOCK}, /* what connect() on a non-blocking socket says there */
    {EALREADY, WSAEALREADY},
    {ENOTSOCK, WSAENOTSOCK},
    {EDESTADDRREQ, WSAEDESTADDRREQ},
    {EMSGSIZE, WSAEMSGSIZE},
    {EPROTOTYPE, WSAEPROTOTYPE},
    {ENOPROTOOPT, WSAENOPROTOOPT},
    {EPROTONOSUPPORT, WSAEPROTONOSUPPORT},
    {ESOCKTNOSUPPORT, WSAESOCKTNOSUPPORT},
    {EOPNOTSUPP, WSAEOPNOTSUPP},
    {EPFNOSUPPORT, WSAEPFNOSUPPORT},
    {EAFNOSUPPORT, WSAEAFNOSUPPORT},
    {EADDRINUSE, WSAEADDRINUSE},
    {EADDRNOTAVAIL, WSAEADDRNOTAVAIL},
    {ENETDOWN, WSAENETDOWN},
    {ENETUNREACH, WSAENETUNREACH},
    {ENETRESET, WSAENETRESET},
    {ECONNABORTED, WSAECONNABORTED},
    {ECONNRESET, WSAECONNRESET},
    {EPIPE, WSAECONNRESET},
    {ENOBUFS, WSAENOBUFS},
    {ENOMEM, WSAENOBUFS},
    {EISCONN, WSAEISCONN},
    {ENOTCONN, WSAENOTCONN},
    {ESHUTDOWN, WSAESHUTDOWN},
    {ETIMEDOUT, WSAETIMEDOUT},
    {ECONNREFUSED, WSAECONNREFUSED},
    {EHOSTDOWN, WSAEHOSTDOWN},
    {EHOSTUNREACH, WSAEHOSTUNREACH},
};

int WINAPI WSAStartup(WORD version, LPWSADATA data)
{
    if (LOBYTE(version) < 1)
        return WSAVERNOTSUPPORTED;
    if (!data)
        return WSAEFAULT;
    memset(data, 0, sizeof(*data));
    data->wVersion = LOBYTE(version) > 2 || version == MAKEWORD(2, 2) ? MAKEWORD(2, 2) : version;
    data->wHighVersion = MAKEWORD(2, 2);
    snprintf(data->szDescription, sizeof(data->szDescription), "POSIX sockets");
    snprintf(data->szSystemStatus, sizeof(data->szSystemStatus), "Running");
    __atomic_add_fetch(&started, 1, __ATOMIC_RELAXED);
    return 0;
}

int WINAPI WSACleanup(void)
{
    int count = __atomic_load_n(&started, __ATOMIC_RELAXED);

    while (count > 0 && !__atomic_compare_exchange_n(&started, &count, count - 1, false,
                                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    if (count > 0)
        return 0;
    WSASetLastError(WSANOTINITIALISED);
    return SOCKET_ERROR;
}

/* errno if a system call left one; otherwise what WSASetLastError said. */
int WINAPI WSAGetLastError(void)
{
    for (size_t i = 0; i < RTL_NUMBER_OF(codes); i++)
        if (codes[i].system == errno)
            return codes[i].windows;
    return (int)GetLastError();
}

void WINAPI WSASetLastError(int code)
{
    errno = 0;
    SetLastError((DWORD)code);
}
