/* ws2def.h - Windows' names for socket addresses: the system's own structures. */
#ifndef _WS2DEF_
#define _WS2DEF_

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <winnt.h>

/* clang-format off */
typedef sa_family_t             ADDRESS_FAMILY;
typedef struct sockaddr         SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_storage SOCKADDR_STORAGE, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;
typedef struct sockaddr_in      SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;
typedef struct sockaddr_in6     SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;
typedef struct in_addr          IN_ADDR, *PIN_ADDR, *LPIN_ADDR;
typedef struct in6_addr         IN6_ADDR, *PIN6_ADDR, *LPIN6_ADDR;
/* clang-format on */

typedef union _SOCKADDR_INET {
    SOCKADDR_IN Ipv4;
    SOCKADDR_IN6 Ipv6;
    ADDRESS_FAMILY si_family;
} SOCKADDR_INET, *PSOCKADDR_INET;

#endif
