"""Line items in their sizes: what orders and quotes have in common, and the grid to type into."""
