// websocket.cc - the same, compiled as C++.
#include "websocket.c"
