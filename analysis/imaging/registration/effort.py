"""How long a deformation is looked for: samples and steps, which the methods state."""

# Voxels that mutual information is computed of while it is maximised: so many for each coefficient,
# as fewer would be fitted by themselves, and the images be less alike elsewhere.
SAMPLES_EACH, LEAST_SAMPLES = 4, 5_000
# Of the optimiser (L-BFGS-B, Byrd et al. 1995), at each of the two meshes.
ITERATIONS, EVALUATIONS, CORRECTIONS = 20, 30, 5
