// Stops the clocks, so that what a handler writes down is the same on every run and however busy the machine is.

Date.now = () => 1767225600000;
performance.now = () => 1000;
