"""The companion page: a static site on which anyone can hear and measure the family."""
