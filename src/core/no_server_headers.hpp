// Both builds put this in front of every file of core. Core is a pure library that the relay shares, and a
// server header would redefine stdio and bring longjmp. Every server header uses some of these names.
#pragma once
#pragma GCC poison Datum ereport palloc PG_TRY MemoryContext
