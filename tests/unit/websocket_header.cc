// websocket_header.cc - the header as C++.
#include "websocket_header.h"
