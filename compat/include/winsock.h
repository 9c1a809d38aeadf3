/* winsock.h - the name of the first version's header. */
#include <winsock2.h>
