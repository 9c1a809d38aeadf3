/* winsock2.h - Windows' names beside the system's sockets.
 *
 * The calls themselves (socket, connect, recv, ...) are the system's. They report in errno;
 * WSAGetLastError translates the errno of the calling thread.
 */
#ifndef _WINSOCK2API_
#define _WINSOCK2API_
#define _WINSOCKAPI_

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/time.h>
#include <unistd.h>
#include <windows.h>
#include <ws2def.h>

typedef int SOCKET;
typedef struct hostent HOSTENT, *PHOSTENT, *LPHOSTENT;
typedef struct timeval TIMEVAL, *PTIMEVAL, *LPTIMEVAL;
typedef fd_set FD_SET, *PFD_SET, *LPFD_SET;
typedef struct linger LINGER, *PLINGER, *LPLINGER;

#define INVALID_SOCKET  ((SOCKET)-1)
#define SOCKET_ERROR    (-1)
#define WINSOCK_VERSION MAKEWORD(2, 2)

#define SD_RECEIVE SHUT_RD
#define SD_SEND    SHUT_WR
#define SD_BOTH    SHUT_RDWR

#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN  128

typedef struct WSAData {
    WORD wVersion;
    WORD wHighVersion;
    unsigned short iMaxSockets;
    unsigned short iMaxUdpDg;
    char *lpVendorInfo;
    char szDescription[WSADESCRIPTION_LEN + 1];
    char szSystemStatus[WSASYS_STATUS_LEN + 1];
} WSADATA, *LPWSADATA;

WINPOSIX_C_BEGIN

/* Versions 1.0 to 2.2. Cleanup without a Startup fails with WSANOTINITIALISED. */
WINBASEAPI int WINAPI WSAStartup(WORD version, LPWSADATA data);
WINBASEAPI int WINAPI WSACleanup(void);
WINBASEAPI int WINAPI WSAGetLastError(void);
WINBASEAPI void WINAPI WSASetLastError(int code);

WINPOSIX_C_END

#define closesocket(s)             close(s)
#define ioctlsocket(s, command, p) ioctl((s), (command), (p))

#endif
