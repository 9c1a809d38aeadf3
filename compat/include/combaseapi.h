/* combaseapi.h - the name of a part of objbase.h. */
#include <objbase.h>
