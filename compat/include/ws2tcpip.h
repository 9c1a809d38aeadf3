/* ws2tcpip.h - name resolution: the system's getaddrinfo under Windows' names. */
#ifndef _WS2TCPIP_H_
#define _WS2TCPIP_H_

#include <winsock2.h>

typedef struct addrinfo ADDRINFOA, *PADDRINFOA;

#define InetPtonA     inet_pton
#define InetNtopA     inet_ntop
#define WSANO_ADDRESS WSANO_DATA

#endif
